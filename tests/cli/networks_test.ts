import assert from "node:assert/strict";
import { parseNetworks } from "../../lib/cli/networks.ts";
import { pureTest } from "../support/pure.ts";

pureTest("parseNetworks() takes addresses and networks of both families", () => {
  const cases: [string, [string, number][]][] = [
    ["127.0.0.1", [["127.0.0.1", 32]]],
    ["0.0.0.0/0", [["0.0.0.0", 0]]],
    ["10.0.0.0/32", [["10.0.0.0", 32]]],
    ["::1", [["::1", 128]]],
    ["::/0,2001:DB8::/128", [["::", 0], ["2001:DB8::", 128]]],
    ["::ffff:10.0.0.1/99", [["::ffff:10.0.0.1", 99]]],
  ];
  for (const [text, expected] of cases) {
    const networks = expected.map(([hostname, bits]) => ({ hostname, bits }));
    assert.deepEqual(parseNetworks("proxy-protocol", text), networks, text);
  }
});

pureTest("parseNetworks() refuses all else", () => {
  const junk = ["localhost", "10.0.0", "10.0.0.256", "10.0.0.01", "10.0.0.0/33", "10.0.0.0/"];
  junk.push("10.0.0.0/08", "10.0.0.0/8/8", "::/129", "::1/-1", ":", "[::1]", "fe80::1%lo", ",");
  junk.push("127.0.0.1,", "127.0.0.1, ::1", " ", "127.0.0.1;::1", "all", "::/1e2");
  for (const text of junk) {
    assert.throws(() => parseNetworks("proxy-protocol", text), {
      name: "UsageError",
      message: `Option --proxy-protocol cannot be ${JSON.stringify(text)}`,
      hint: "Use addresses or networks, such as 127.0.0.1,10.0.0.0/8,::1.",
    }, text);
  }
});
