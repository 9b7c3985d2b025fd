import assert from "node:assert/strict";
import { HEALTH_SPEC, MAX_HEALTH_WAIT_SECONDS, parseHealthUrl } from "../../lib/cli/health_spec.ts";
import { parseCommandLine } from "../../lib/cli/options.ts";
import { readOption } from "../../lib/cli/values.ts";
import { pureTest } from "../support/pure.ts";

pureTest("parseHealthUrl() takes a URL of HTTP, and asks /healthz where it has no path", () => {
  const cases = [
    ["http://127.0.0.1:9464", "http://127.0.0.1:9464/healthz"],
    ["http://127.0.0.1:9464/", "http://127.0.0.1:9464/healthz"],
    ["HTTP://LOCALHOST:80", "http://localhost/healthz"],
    ["http://[::1]:9464/metrics", "http://[::1]:9464/metrics"],
    ["http://relay.local:9464/healthz?x=1", "http://relay.local:9464/healthz?x=1"],
  ];
  for (const [text, href] of cases) assert.equal(parseHealthUrl(text!).href, href);
});

pureTest("parseHealthUrl() refuses what is no such URL", () => {
  const junk = ["", "127.0.0.1:9464", "localhost", "https://127.0.0.1", "file:///etc/passwd"];
  junk.push("http://", "http://a:b@127.0.0.1", "http://a@127.0.0.1", "http://127.0.0.1/#x");
  junk.push("http://127.0.0.1:99999", "http:127.0.0.1", " http://127.0.0.1", "data:,ok");
  for (const text of junk) {
    assert.throws(() => parseHealthUrl(text), {
      name: "UsageError",
      message: `Not a URL of a server's metrics: ${JSON.stringify(text)}`,
      hint: "Use the address of --metrics, such as http://127.0.0.1:9464.",
    }, text);
  }
});

pureTest("the table of health takes a wait of 10 minutes at most, and none by itself", () => {
  const waitOf = (...args: string[]) => {
    const line = parseCommandLine(HEALTH_SPEC, [...args, "http://a"]);
    assert.ok(typeof line !== "string");
    return readOption(HEALTH_SPEC, "wait", line.values);
  };
  assert.equal(waitOf(), 0);
  assert.equal(waitOf("--wait", "0"), 0);
  assert.equal(MAX_HEALTH_WAIT_SECONDS, 600);
  assert.equal(waitOf("--wait", "600"), 600);
  for (const wrong of ["601", "-1", "x", "1.5"]) {
    assert.throws(() => waitOf(`--wait=${wrong}`), { name: "UsageError" }, wrong);
  }
});
