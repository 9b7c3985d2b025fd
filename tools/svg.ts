/**
 * Terminals drawn as SVG.
 *
 * @module
 */

import { splitClusters } from "../lib/text/cluster.ts";
import type { StyledSpan } from "./sgr.ts";

/** One terminal. */
export interface Picture {
  /** Stands above it. */
  readonly title: string;
  readonly rows: readonly (readonly StyledSpan[])[];
}

const CELL = { width: 8.4, height: 18 };
const MARGIN = 14;
const TITLE_HEIGHT = 30;
const FONT = "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace";
const COLORS = { text: "#d8dee9", background: "#1b1f27", title: "#7f8a9d" };
/** The first sixteen, as most terminals have them by now. */
const BASIC_COLORS = [
  ...["#3b4252", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d8dee9"],
  ...["#7f8a9d", "#ff7b86", "#b5e890", "#ffd68a", "#82c4ff", "#e29bf5", "#7fd6e0", "#ffffff"],
];
const CUBE = [0, 95, 135, 175, 215, 255];

/**
 * Draws terminals one below the other.
 *
 * @param pictures What is on them.
 * @param columns How wide they are.
 * @returns An SVG document.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.match(drawTerminals([{ title: "a & b", rows: [] }], 80), /^<svg .*a &amp; b/s);
 * ```
 */
export function drawTerminals(pictures: readonly Picture[], columns: number): string {
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  let top = 0;
  const parts = pictures.map((picture) => {
    const height = TITLE_HEIGHT + picture.rows.length * CELL.height + MARGIN;
    const part = drawTerminal(picture, width, height, top);
    top += height + MARGIN;
    return part;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top - MARGIN}" ` +
    `font-family="${FONT}" font-size="14">\n<title>A server and two clients</title>\n` +
    parts.join("\n") + "\n</svg>\n";
}

function drawTerminal({ title, rows }: Picture, width: number, height: number, top: number) {
  return [
    `<g transform="translate(0 ${top})">`,
    `<rect width="${width}" height="${height}" rx="8" fill="${COLORS.background}"/>`,
    `<text x="${MARGIN}" y="20" fill="${COLORS.title}">$ ${escape(title)}</text>`,
    ...rows.flatMap((spans, i) => drawRow(spans, TITLE_HEIGHT + (i + 1) * CELL.height - 4)),
    "</g>",
  ].join("\n");
}

function drawRow(spans: readonly StyledSpan[], y: number): string[] {
  const pieces = spans.flatMap(cut);
  let column = 0;
  const boxes: string[] = [];
  const texts: string[] = [];
  for (const { span, text, width } of pieces) {
    const x = round(MARGIN + column * CELL.width);
    column += width;
    const color = span.color === undefined ? COLORS.text : colorOf(span.color);
    if (span.isReverse) {
      const size = `width="${round(width * CELL.width)}" height="${CELL.height}"`;
      boxes.push(`<rect x="${x}" y="${y - 13}" ${size} fill="${color}"/>`);
    }
    if (text.trim() === "") continue;
    const fill = span.isReverse ? COLORS.background : color;
    const bold = span.isBold ? ' font-weight="bold"' : "";
    const dim = span.isDim ? ' fill-opacity="0.6"' : "";
    texts.push(`<tspan x="${x}" fill="${fill}"${bold}${dim}>${escape(text)}</tspan>`);
  }
  if (texts.length === 0) return boxes;
  return [...boxes, `<text y="${y}" xml:space="preserve">${texts.join("")}</text>`];
}

/** Where a font may not keep to the columns, a piece begins anew behind each character. */
function cut(span: StyledSpan): { span: StyledSpan; text: string; width: number }[] {
  const pieces: { span: StyledSpan; text: string; width: number }[] = [];
  for (const { text, width } of splitClusters(span.text)) {
    const last = pieces.at(-1);
    if (last && /^[ -~]+$/.test(last.text) && /^[ -~]$/.test(text)) {
      last.text += text;
      last.width += width;
    } else pieces.push({ span, text, width });
  }
  return pieces;
}

function colorOf(index: number): string {
  const basic = BASIC_COLORS[index];
  if (basic !== undefined) return basic;
  if (index >= 232) return rgb([0, 0, 0].map(() => 8 + 10 * (index - 232)));
  const place = index - 16;
  return rgb([Math.floor(place / 36), Math.floor(place / 6) % 6, place % 6].map((i) => CUBE[i]!));
}

function rgb(values: readonly number[]): string {
  return `#${values.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
