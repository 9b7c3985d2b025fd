import assert from "node:assert/strict";
import { networkOf } from "../../../lib/relay/peer/network.ts";

Deno.test({
  name: "networkOf() takes an IPv4 address, or the /64 of an IPv6 address",
  permissions: "none",
  fn() {
    const cases: [hostname: string, network: string][] = [
      ["192.0.2.7", "192.0.2.7"],
      ["::ffff:192.0.2.7", "192.0.2.7"],
      ["::ffff:c000:207", "192.0.2.7"],
      ["0:0:0:0:0:ffff:c000:0207", "192.0.2.7"],
      ["::1", "0:0:0:0/64"],
      ["2001:db8::7", "2001:db8:0:0/64"],
      ["2001:db8::ffff:192.0.2.7", "2001:db8:0:0/64"],
      ["2001:0DB8:1:2:3:4:5:6", "2001:db8:1:2/64"],
      ["fe80::1%eth0", "fe80:0:0:0/64"],
    ];
    for (const [hostname, network] of cases) {
      assert.equal(networkOf({ transport: "tcp", hostname, port: 1 }), network);
    }
    assert.equal(networkOf({ transport: "unix", path: "/x" }), "unix");
  },
});
