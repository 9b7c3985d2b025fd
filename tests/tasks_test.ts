import assert from "node:assert/strict";
import config from "../deno.json" with { type: "json" };
import { metricsUrl } from "./support/metrics.ts";
import { testNeeding } from "./support/needs.ts";
import { Program, ROOT } from "./support/programs.ts";
import { pureTest } from "./support/pure.ts";
import { withDirectory } from "./support/temporary.ts";

/** Tasks that people run, and whether they run a program of theirs. */
const PROGRAMS = ["server", "server:keyless", "client"] as const;

pureTest("tasks keep variables of the runtime away from the programs", () => {
  const variables = [
    "DENO_AUDIT_PERMISSIONS",
    "DENO_COVERAGE_DIR",
    "DENO_SERVE_ADDRESS",
    "DENO_UNSTABLE_CONTROL_SOCK",
    "DENO_V8_FLAGS",
    "NODE_CHANNEL_FD",
    "NODE_OPTIONS",
  ];
  for (const name of PROGRAMS) {
    const { command } = config.tasks[name];
    const [unset, ...rest] = command.split(" && ");
    assert.equal(unset, `unset ${variables.join(" ")}`, name);
    assert.match(
      rest.join(" && "),
      /^(?:[A-Z_]+=\S+ )*DENO_NO_UPDATE_CHECK=1 OTEL_SDK_DISABLED=true deno run /,
    );
  }
  // What is compiled keeps the setting of the moment.
  assert.match(config.tasks.compile.command, /OTEL_SDK_DISABLED=true deno run/);
});

testNeeding(
  ["net", "read", "write", "run", "env"],
  "deno task server does what its options say, whatever the runtime's variables say",
  async () => {
    await withDirectory(async (cwd) => {
      const bodies: string[] = [];
      await using collector = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen() {} },
        async (request) => {
          bodies.push(await request.text());
          return new Response();
        },
      );
      const args = ["127.0.0.1", "0", "--key", `${cwd}/secret.key`, "--metrics", "127.0.0.1:0"];
      await using program = Program.spawn([Deno.execPath(), "task", "-q", "server", ...args], {
        cwd: ROOT,
        env: {
          NO_COLOR: "1",
          LC_ALL: "C.UTF-8",
          DENO_SERVE_ADDRESS: `unix:${cwd}/socket`,
          DENO_COVERAGE_DIR: `${cwd}/coverage`,
          DENO_AUDIT_PERMISSIONS: `${cwd}/audit`,
          NODE_OPTIONS: "--inspect=127.0.0.1:0",
          OTEL_DENO: "true",
          OTEL_DENO_CONSOLE: "capture",
          OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
        },
      });
      const url = await metricsUrl({ program });
      await program.waitFor("stderr", /^listening on .*$/m);
      assert.equal(await (await fetch(`${url}/healthz`)).text(), "ok\n");
      program.child.kill("SIGTERM");
      await program.finished();
      assert.doesNotMatch(program.stderr, /Debugger listening|Internal error/);
      assert.doesNotMatch(bodies.join("\n"), /listening on/);
      const made = await Array.fromAsync(Deno.readDir(cwd), ({ name }) => name);
      assert.deepEqual(made.filter((name) => name !== "audit"), ["secret.key"]);
      const audit = made.includes("audit") ? await Deno.readTextFile(`${cwd}/audit`) : "";
      assert.doesNotMatch(audit, /secret\.key/);
    });
  },
);
