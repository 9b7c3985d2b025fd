import assert from "node:assert/strict";
import { parseBase64Url } from "../../../lib/bytes/base64url.ts";
import { formatControl } from "../../../lib/protocol/control.ts";
import { answer, connectMember, hello, untilLine } from "../../support/member_client.ts";
import { testNeeding } from "../../support/needs.ts";
import { fakeToken, RawClient } from "../../support/raw_client.ts";
import { withRelay } from "../../support/relay.ts";
import { until } from "../../support/process_info.ts";

const NAME = "EREREREREREREREREREREQ";
const PIPE = formatControl({ verb: "PIPE", name: parseBase64Url(NAME, 16)! });

/** Connects, and asks for a pipe together with the proof. */
async function connectEnd(port: number): Promise<RawClient> {
  const client = await RawClient.connect(port);
  await client.send(hello());
  await untilLine(client, "!CHAL ");
  await client.send(PIPE);
  await client.send(await answer(client));
  return client;
}

for (const mode of ["open", "members"] as const) {
  testNeeding(["net"], `a pipe is no peer of a room that is ${mode}`, async () => {
    await withRelay({ mode, maxClients: 2 }, async (port, relay) => {
      using member = await connectMember(port);
      using talker = await connectMember(port);
      await untilLine(member, "!JOINED ");
      // The room is full: a pipe needs no place in it.
      using first = await connectEnd(port);
      using second = await connectEnd(port);
      for (const end of [first, second]) await untilLine(end, "!PIPED");
      await talker.send(`${fakeToken("-a-")}\n`);
      await first.send("to the other\n");
      await second.send("and back\n");
      await untilLine(second, "to the other");
      await untilLine(first, "and back");
      await untilLine(member, fakeToken("-a-"));
      assert.match(first.text(), /^!CHAL .*\n!PIPED\nand back\n$/);
      assert.deepEqual(member.lines().filter((line) => /^!(JOINED|GONE)/.test(line)).length, 1);
      assert.deepEqual(relay.stats.clients, { guest: 0, member: 2 });
      const { pipes, waiting, closed } = relay.stats;
      assert.deepEqual([pipes, waiting, closed.pipe], [1, 0, 2]);
    });
  });
}

testNeeding(["net"], "a pipe leaves its place in an open room to others", async () => {
  await withRelay({ maxClients: 1 }, async (port, relay) => {
    using end = await connectEnd(port);
    await until(() => Promise.resolve(relay.stats.pipes === 1), "a pipe");
    using guest = await RawClient.connect(port);
    await until(() => Promise.resolve(relay.stats.clients.guest === 1), "a guest");
    assert.equal(guest.isEnded || end.isEnded, false);
  });
});

testNeeding(["net"], "a pipe needs the proof, and comes before it", async () => {
  await withRelay({ maxClients: 9 }, async (port, relay) => {
    using early = await RawClient.connect(port);
    await early.send(PIPE);
    await early.send(hello());
    await untilLine(early, "!CHAL ");
    await early.send(await answer(early));
    await untilLine(early, "!LIVE");
    await early.send(PIPE);
    using wrong = await RawClient.connect(port);
    await wrong.send(hello());
    await untilLine(wrong, "!CHAL ");
    await wrong.send(PIPE);
    await wrong.send(formatControl({ verb: "AUTH", signature: new Uint8Array(64) }));
    await wrong.waitForEnd();
    assert.match(wrong.text(), /\n!ERR 401 auth\n$/);
    assert.equal(relay.stats.pipes, 0);
    assert.equal(early.isEnded, false);
  });
});

testNeeding(["net"], "serve() ends its pipes when it stops", async () => {
  let ends: RawClient[] = [];
  await withRelay({}, async (port) => {
    ends = [await connectEnd(port), await connectEnd(port)];
    for (const end of ends) await untilLine(end, "!PIPED");
  });
  for (const end of ends) await end.waitForEnd();
});

testNeeding(["net"], "serve() says so where there are no pipes", async () => {
  await withRelay({ maxPipes: 0 }, async (port) => {
    using end = await connectEnd(port);
    await end.waitForEnd();
    assert.match(end.text(), /^!CHAL .*\n!ERR 503 no pipe\n$/);
  });
});
