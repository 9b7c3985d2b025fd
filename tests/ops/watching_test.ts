import { parse } from "yaml";
import assert from "node:assert/strict";
import { checkExpression, type Known, listKnown } from "../support/metric_names.ts";
import { METRICS, metricsUrl, scrape } from "../support/metrics.ts";
import { writeKey } from "../support/member_client.ts";
import { Nats } from "../support/nats.ts";
import { testNeeding } from "../support/needs.ts";
import { Program, ROOT, startServer } from "../support/programs.ts";
import { pureTest } from "../support/pure.ts";
import { withDirectory } from "../support/temporary.ts";

const ALERTS = `${ROOT}ops/prometheus-alerts.yml`;
const DASHBOARD = `${ROOT}ops/grafana-dashboard.json`;

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly {
    readonly refId: string;
    readonly datasource: { readonly uid: string };
    readonly expr: string;
    readonly legendFormat: string;
  }[];
}

async function readRules(): Promise<Rule[]> {
  const { groups } = parse(await Deno.readTextFile(ALERTS));
  return groups.flatMap(({ rules }: { rules: Rule[] }) => rules);
}

async function readPanels(): Promise<Panel[]> {
  return JSON.parse(await Deno.readTextFile(DASHBOARD)).panels;
}

/** What the real server shows: one that is alone, and one of a cluster. */
async function readKnown(): Promise<{ readonly alone: Known; readonly known: Known }> {
  return await withDirectory(async (cwd) => {
    await writeKey(cwd);
    await using nats = await Nats.start({ directory: cwd });
    const read = async (...args: string[]) => {
      await using server = await startServer({ cwd, args: [...METRICS, ...args] });
      return listKnown((await scrape(await metricsUrl(server))).keys());
    };
    return { alone: await read(), known: await read("--cluster", nats.urls) };
  });
}

async function checkRules(path: string): Promise<void> {
  await using promtool = Program.spawn(["promtool", "check", "rules", path]);
  const { code, stdout, stderr } = await promtool.finished();
  assert.equal(code, 0, stdout + stderr);
}

testNeeding(["read", "run", "env", "promtool"], "promtool takes the alerts", async () => {
  await checkRules(ALERTS);
});

testNeeding(["read", "run", "env", "promtool"], "each alert fires for what it is for", async () => {
  const args = ["test", "rules", `${ROOT}tests/data/alert_cases.yml`];
  await using promtool = Program.spawn(["promtool", ...args]);
  const { code, stdout, stderr } = await promtool.finished();
  assert.equal(code, 0, stdout + stderr);
  const cases = await Deno.readTextFile(`${ROOT}tests/data/alert_cases.yml`);
  assert.match(cases, new RegExp(`value: ${(await readRules()).length} `));
});

testNeeding(
  ["read", "write", "run", "env", "promtool"],
  "promtool takes every expression of the dashboard",
  async () => {
    await withDirectory(async (cwd) => {
      const targets = (await readPanels()).flatMap((panel) => panel.targets ?? []);
      assert.ok(targets.length >= 15, `${targets.length} expressions`);
      const rules = targets.map(({ expr }, i) => {
        const filled = expr.replaceAll("$__rate_interval", "1m").replaceAll("$job", "chat");
        assert.doesNotMatch(filled, /\$/);
        return `      - record: number:${i}\n        expr: ${JSON.stringify(filled)}\n`;
      });
      const path = `${cwd}/rules.yml`;
      await Deno.writeTextFile(path, `groups:\n  - name: panels\n    rules:\n${rules.join("")}`);
      await checkRules(path);
    });
  },
);

testNeeding(
  ["net", "read", "write", "run", "env", "nats"],
  "alerts and dashboard name numbers that the server has, and no other",
  async () => {
    const { alone, known } = await readKnown();
    const rules = await readRules();
    const targets = (await readPanels()).flatMap((panel) => panel.targets ?? []);
    for (const { expr } of [...rules, ...targets]) {
      checkExpression(expr, known);
      if (!expr.includes("chat_cluster_")) checkExpression(expr, alone);
    }
    assert.ok(![...alone.keys()].some((name) => name.startsWith("chat_cluster_")));
    for (const { expr, legendFormat } of targets) {
      const [, ...labels] = legendFormat.matchAll(/\{\{(\w+)\}\}/g).map(([, label]) => label!);
      const kept = [...known.values()].flatMap((values) => [...values.keys()]);
      for (const label of labels) assert.ok(["instance", ...kept].includes(label), expr);
    }
    const shown = targets.map(({ expr }) => expr).join("\n");
    const missing = [...known.keys()].filter((name) =>
      !shown.includes(name.replace(/_(sum|count)$/, ""))
    );
    assert.deepEqual(missing, [], "the dashboard shows all numbers");
  },
);

testNeeding(["read"], "each alert says what it means and what to do", async () => {
  const rules = await readRules();
  assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
  for (const { alert, labels, annotations: { summary, description } } of rules) {
    assert.match(alert, /^Chat[A-Z][A-Za-z]+$/);
    assert.ok(["page", "warn"].includes(labels.severity), alert);
    assert.match(summary, /\{\{ \$labels\.instance \}\}/, alert);
    assert.match(description, /^[A-Z].*\.$/, alert);
  }
});

testNeeding(
  ["read"],
  "the panels of the dashboard lie side by side, each with a source",
  async () => {
    const panels = await readPanels();
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    const cells = new Set<string>();
    for (
      const { title, type, gridPos: { x, y, w, h }, datasource, targets, description } of panels
    ) {
      assert.ok(x >= 0 && x + w <= 24, title);
      for (let column = x; column < x + w; column++) {
        for (let row = y; row < y + h; row++) {
          assert.ok(!cells.has(`${column},${row}`), `${title} lies on another panel`);
          cells.add(`${column},${row}`);
        }
      }
      if (type === "row") continue;
      assert.equal(type, "timeseries");
      assert.equal(datasource?.uid, "${datasource}", title);
      assert.ok(targets!.length > 0 && description, title);
      const ids = targets!.map(({ refId }) => refId);
      assert.equal(new Set(ids).size, ids.length, title);
      for (const target of targets!) assert.deepEqual(target.datasource, datasource, title);
    }
    const { uid, schemaVersion, templating, title } = JSON.parse(
      await Deno.readTextFile(DASHBOARD),
    );
    assert.deepEqual([uid, title], ["encrypted-chatroom", "Encrypted chat relays"]);
    assert.ok(schemaVersion >= 36);
    const names = templating.list.map(({ name }: { name: string }) => name);
    assert.deepEqual(names, ["datasource", "job"]);
    // What is chosen has a text and a value, or is not there.
    for (const variable of templating.list) assert.ok(!("current" in variable));
  },
);

pureTest("checkExpression() finds what is not there", () => {
  const known = listKnown(['chat_a{reason="x y"}', "chat_b"]);
  checkExpression('rate(chat_a{reason="x y",job="j"}[5m]) > chat_b or up == 0', known);
  checkExpression("sum by (reason) (chat_a)", known);
  const wrong = ["chat_c", 'chat_a{reason="z"}', 'chat_b{reason="x y"}', "sum by (class) (chat_a)"];
  for (const expression of [...wrong, "1"]) {
    assert.throws(() => checkExpression(expression, known), expression);
  }
});
