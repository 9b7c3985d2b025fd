/**
 * A plot as SVG, readable on dark and on light pages.
 *
 * @module
 */

/** A line of the plot. */
export interface Line {
  readonly name: string;
  /** From left to right. */
  readonly points: { readonly x: number; readonly y: number }[];
}

const WIDTH = 760;
const HEIGHT = 420;
const PLOT = { left: 64, right: 560, top: 48, bottom: 360 } as const;
const COLORS = ["#d9480f", "#e8890c", "#1c7ed6", "#2b9348", "#9c36b5", "#868e96"];
const LABEL_GAP = 16;

const STYLE = `
text { font: 13px system-ui, sans-serif; fill: #333 }
.title { font-size: 15px; font-weight: 600 }
.grid { stroke: #8886; stroke-width: 1 }
.line { fill: none; stroke-width: 2.5; stroke-linejoin: round }
@media (prefers-color-scheme: dark) { text { fill: #ddd } }`;

/**
 * Draws lines over a logarithmic x axis; both axes are logarithmic, as the
 * relays lie far apart.
 *
 * @param title Above the plot.
 * @param lines One colour each; those without points are left out.
 * @returns The SVG document.
 */
export function drawPlot(title: string, lines: readonly Line[]): string {
  const drawn = lines.filter((line) => line.points.length > 0);
  const points = drawn.flatMap((line) => line.points);
  const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const ys = points.map(({ y }) => y);
  const ticks = powersAround(Math.min(...ys), Math.max(...ys));
  const toX = scale(xs[0]!, xs.at(-1)!, PLOT.left, PLOT.right);
  const toY = scale(ticks[0]!, ticks.at(-1)!, PLOT.bottom, PLOT.top);
  const labels = spreadLabels(drawn.map((line) => toY(line.points.at(-1)!.y)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    `<title>${escape(title)}</title><style>${STYLE}</style>`,
    `<text class="title" x="${PLOT.left}" y="26">${escape(title)}</text>`,
    ...ticks.map((y) =>
      `<path class="grid" d="M${PLOT.left} ${round(toY(y))}H${PLOT.right}"/>` +
      `<text x="${PLOT.left - 8}" y="${round(toY(y)) + 4}" text-anchor="end">${y / 1e6} M</text>`
    ),
    ...xs.map((x) =>
      `<text x="${round(toX(x))}" y="${PLOT.bottom + 20}" text-anchor="middle">${x}</text>`
    ),
    `<text x="${(PLOT.left + PLOT.right) / 2}" y="${
      PLOT.bottom + 44
    }" text-anchor="middle">receivers</text>`,
    ...drawn.map((line, i) => {
      const path = line.points.map(({ x, y }) => `${round(toX(x))} ${round(toY(y))}`).join("L");
      const color = COLORS[i % COLORS.length];
      return `<path class="line" stroke="${color}" d="M${path}"/>` +
        `<circle cx="${PLOT.right + 18}" cy="${round(labels[i]!)}" r="5" fill="${color}"/>` +
        `<text x="${PLOT.right + 30}" y="${round(labels[i]!) + 4}">${escape(line.name)}</text>`;
    }),
    "</svg>",
    "",
  ].join("\n");
}

/** Maps a logarithmic range to a linear one. */
function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  const span = Math.log(to / from) || 1;
  return (value) => start + (end - start) * Math.log(value / from) / span;
}

/** 1, 2, 5, 10 ... times a power of ten, just around a range. */
function powersAround(low: number, high: number): number[] {
  const steps: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= 10 * high; power *= 10) {
    steps.push(power, 2 * power, 5 * power);
  }
  const first = steps.findLastIndex((step) => step <= low);
  const last = steps.findIndex((step) => step >= high);
  return steps.slice(Math.max(first, 0), last + 1);
}

/** Moves labels apart that would lie on one another. */
function spreadLabels(wanted: readonly number[]): number[] {
  const placed = [...wanted];
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!);
  for (const [rank, i] of order.entries()) {
    const above = order[rank - 1];
    if (above !== undefined) placed[i] = Math.max(placed[i]!, placed[above]! + LABEL_GAP);
  }
  return placed;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
