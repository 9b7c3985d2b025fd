import assert from "node:assert/strict";
import { dial } from "../../lib/client/dial.ts";
import { testNeeding } from "../support/needs.ts";

testNeeding(["net"], "dial() tells why it cannot connect", async () => {
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = closed.addr;
  closed.close();
  const check = "Check the address and the port, and that the server is running.";
  const zone = "Write the network interface behind it, as in fe80::9%eth0.";
  const cases: [hostname: string, message: string, hint: string | undefined][] = [
    ["127.0.0.1", `no server answers at 127.0.0.1:${port}`, check],
    ["fe80::9", `no server answers at [fe80::9]:${port}`, zone],
    ["fe80::9%none", `no server answers at [fe80::9%none]:${port}`, check],
    ["no-such-host.invalid", "there is no host called no-such-host.invalid", undefined],
  ];
  for (const [hostname, message, hint] of cases) {
    await assert.rejects(dial({ hostname, port }), {
      name: hint === undefined ? "UnknownHostError" : "ChatError",
      message: `Cannot connect: ${message}`,
      hint,
    });
  }
});

testNeeding(["net"], "dial() names too few file descriptors", async () => {
  const { connect } = Deno;
  Deno.connect = (() => Promise.reject(new Error("Too many open files (os error 24)"))) as never;
  try {
    await assert.rejects(dial({ hostname: "127.0.0.1", port: 1 }), {
      name: "ChatError",
      message: "Cannot connect: there are too few file descriptors",
      hint: "Allow more of them, such as with: ulimit -n 1024",
    });
  } finally {
    Deno.connect = connect;
  }
});
