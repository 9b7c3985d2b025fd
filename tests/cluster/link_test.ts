import assert from "node:assert/strict";
import { UnauthorizedError } from "../../lib/cluster/connection.ts";
import { hold } from "../../lib/cluster/link.ts";
import { Nats } from "../support/nats.ts";
import { testNeeding } from "../support/needs.ts";
import { findFreePort } from "../support/streams.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "env", "nats"] as const;

function options(ports: readonly number[], stop: AbortController, failures: string[] = []) {
  return {
    servers: ports.map((port) => {
      return { hostname: "127.0.0.1", port, isTls: false, credentials: undefined };
    }),
    ...{ credentials: undefined, ca: undefined, name: "r", random: () => 0, signal: stop.signal },
    ...{ onDenied: () => {}, onFailed: (reason: string) => failures.push(reason) },
  };
}

testNeeding(
  NEEDS,
  "hold() tries servers in turn, and connects again until it is ended",
  async () => {
    await withDirectory(async (directory) => {
      await using nats = await Nats.start({ directory, hasStream: false });
      const [dead, stop] = [findFreePort(), new AbortController()];
      const failures: string[] = [];
      const places: string[] = [];
      await hold({
        ...options([dead, nats.ports[0]!], stop, failures),
        use: async (connection) => {
          places.push(connection.place);
          if (places.length === 2) stop.abort();
          await connection.close();
        },
      });
      const place = `127.0.0.1:${nats.ports[0]}`;
      assert.deepEqual(places, [place, place]);
      assert.equal(failures.length, 2);
      assert.ok(
        failures.every((reason) => reason.startsWith(`127.0.0.1:${dead}: `)),
        `${failures}`,
      );
    });
  },
);

testNeeding(NEEDS, "hold() fails only where all servers were tried", async () => {
  await withDirectory(async (directory) => {
    const config = "authorization { user: a, password: b }";
    await using strict = await Nats.start({ directory, config, hasStream: false });
    await Deno.mkdir(`${directory}/2`);
    await using nats = await Nats.start({ directory: `${directory}/2`, hasStream: false });
    const stop = new AbortController();
    const ports = [strict.ports[0]!, nats.ports[0]!];
    let connections = 0;
    await hold({
      ...options(ports, stop),
      use: async (connection) => {
        if (++connections === 2) stop.abort();
        await connection.close();
      },
    });
    assert.equal(connections, 2);
  });
});

testNeeding(
  NEEDS,
  "hold() ends while nobody answers, and fails where it is not let in",
  async () => {
    await withDirectory(async (directory) => {
      const config = "authorization { user: a, password: b }";
      await using nats = await Nats.start({ directory, config, hasStream: false });
      const stop = new AbortController();
      const never = () => Promise.reject(new Error("it was used"));
      const refused = hold({ ...options([nats.ports[0]!], stop), use: never });
      await assert.rejects(refused, UnauthorizedError);
      const waiting = hold({ ...options([findFreePort()], stop), use: never });
      setTimeout(() => stop.abort(), 50);
      await waiting;
    });
  },
);
