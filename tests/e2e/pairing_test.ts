import assert from "node:assert/strict";
import { concat } from "../../lib/bytes/concat.ts";
import { enterRoom } from "../../lib/client/enter.ts";
import { invite } from "../../lib/client/pairing/invite.ts";
import { join } from "../../lib/client/pairing/join.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { formatCode, type InvitationCode } from "../../lib/protocol/invitation_code.ts";
import { Pins } from "../../lib/storage/pins.ts";
import { SeenStore } from "../../lib/storage/seen_store.ts";
import { ALICE, BOB, ROOM, SECRET } from "../support/fixed_members.ts";
import { ADMISSION_LINE, writeKey } from "../support/member_client.ts";
import { type Part, testNeeding } from "../support/needs.ts";
import { type Server, startServer } from "../support/programs.ts";
import { Proxy } from "../support/proxy.ts";
import { spawnJoiner } from "../support/python_clients.ts";
import { withDirectory } from "../support/temporary.ts";

const INVITER = {
  handover: () => Promise.resolve(SECRET),
  room: ROOM,
  introduce: () => introduce(ALICE, "alice"),
};
// The dot cannot come up by chance in what is encoded.
const BOB_SAYS = introduce(BOB, "bob.b");
const FROM_ALICE = {
  keyText: SECRET,
  fingerprint: ROOM.fingerprint,
  id: ALICE.id,
  nickname: "alice",
};

function introduce({ id, signing: { privateKey } }: typeof ALICE, nickname: string) {
  return { id, nickname, privateKey };
}

/** Registers a test with a server, at which it invites and joins. */
function pairingTest(
  name: string,
  args: readonly string[],
  fn: (at: { readonly hostname: string; readonly port: number }, server: Server) => Promise<void>,
  parts: readonly Part[] = [],
): void {
  testNeeding(["net", "read", "write", "run", "env", ...parts], name, async () => {
    await withDirectory(async (cwd) => {
      await writeKey(cwd);
      await Deno.writeTextFile(`${cwd}/admission.pub`, `${ADMISSION_LINE}\n`);
      await using server = await startServer({ cwd, args });
      await fn({ hostname: "127.0.0.1", port: server.port }, server);
    });
  });
}

const otherCode = ({ slot }: InvitationCode) => ({ slot, password: "zoom-zoom-zoom" });

for (const args of [[], ["--members-only"], ["--keyless", "admission.pub"]]) {
  pairingTest(`invite() and join() pair two people: ${args[0] ?? "open"}`, args, async (at) => {
    const start = performance.now();
    using invitation = await invite({ ...at, ...INVITER });
    const joined = await join({ ...at, code: invitation.code, introduce: () => BOB_SAYS });
    assert.deepEqual(joined, FROM_ALICE);
    assert.deepEqual(await invitation.joined, { id: BOB.id, nickname: "bob.b" });
    assert.ok(performance.now() - start < 2000);
    // The code is used up.
    const again = join({ ...at, code: invitation.code, introduce: () => BOB_SAYS });
    await assert.rejects(again, { name: "JoinError", failure: "slot used" });
  });
}

pairingTest("a member invites over the session that it has", [], async (at) => {
  await using pins = await Pins.open(undefined, () => {});
  await using seenStore = await SeenStore.open(undefined, () => {});
  const { invitations, room, session } = await enterRoom({
    ...{ ...at, keyText: SECRET, room: ROOM, identity: ALICE, pins, seenStore },
    ...{ nickname: "alice", isPlain: false, backlog: 0, reconnectMs: 0, say: sayIn("en") },
  });
  await using _session = session;
  const events = room.events()[Symbol.asyncIterator]();
  await events.next();
  const { code, joined } = await invitations.invite();
  assert.deepEqual(await join({ ...at, code, introduce: () => BOB_SAYS }), FROM_ALICE);
  assert.deepEqual(await joined, { id: BOB.id, nickname: "bob.b" });
  const open = await invitations.invite();
  await session[Symbol.asyncDispose]();
  await assert.rejects(open.joined, { failure: "lost" });
});

pairingTest("what goes through the relay has no key, no name and no word", [], async (at) => {
  using proxy = new Proxy(at.port);
  const there = { ...at, port: proxy.port };
  using invitation = await invite({ ...there, ...INVITER });
  const { code } = invitation;
  await join({ ...there, code, introduce: () => BOB_SAYS });
  await invitation.joined;
  const seen = new TextDecoder("latin1").decode(concat(...proxy.recorded));
  assert.match(seen, new RegExp(`!MEET ${code.slot} [\\w-]{43}\n`));
  assert.match(seen, new RegExp(`!PASS ${code.slot} [\\w-]{192}\n`));
  const ids = [ALICE, BOB].map(({ id }) => id.slice(0, 16));
  const secrets = [SECRET.slice(0, 16), "alice", "bob.b", ...ids];
  // A word of three letters can come up by chance.
  for (const secret of [...secrets, code.password]) assert.ok(!seen.includes(secret), secret);
});

pairingTest("a wrong code uses the invitation up, and both sides are told", [], async (at) => {
  using invitation = await invite({ ...at, ...INVITER });
  const { code } = invitation;
  const failed = assert.rejects(invitation.joined, { name: "InviteError", failure: "wrong code" });
  const joining = join({ ...at, code: otherCode(code), introduce: () => BOB_SAYS });
  await assert.rejects(joining, { name: "JoinError", failure: "wrong code" });
  await failed;
  const right = join({ ...at, code, introduce: () => BOB_SAYS });
  await assert.rejects(right, { failure: "slot used" });
});

pairingTest("joining ends at once where nobody waits", [], async (at) => {
  const code = { slot: "acorn", password: "cable-dwarf-ship" };
  for (let i = 0; i < 6; i++) {
    const joining = join({ ...at, code, introduce: () => BOB_SAYS });
    await assert.rejects(joining, { failure: i < 5 ? "no slot" : "paused" });
  }
});

pairingTest("a withdrawn invitation lets nobody in", ["--members-only"], async (at) => {
  using invitation = await invite({ ...at, ...INVITER });
  const failed = assert.rejects(invitation.joined, { failure: "withdrawn" });
  invitation.withdraw();
  await failed;
  const joining = join({ ...at, code: invitation.code, introduce: () => BOB_SAYS });
  await assert.rejects(joining, { failure: "other gone" });
});

pairingTest("a server that stops ends an invitation", [], async (at, { program }) => {
  using invitation = await invite({ ...at, ...INVITER });
  const failed = assert.rejects(invitation.joined, { failure: "lost" });
  program.child.kill("SIGTERM");
  await failed;
});

pairingTest("invite() tells of a server that gives no slots", ["--no-invites"], async (at) => {
  await assert.rejects(invite({ ...at, ...INVITER }), { name: "InviteError", failure: "off" });
});

pairingTest("invite() tells of a server that does not admit it", [], async (at) => {
  const keyText = `${"A".repeat(43)}=`;
  const room = await deriveRoomKey(keyText);
  const inviting = invite({ ...at, ...INVITER, handover: () => Promise.resolve(keyText), room });
  await assert.rejects(inviting, { name: "RefusedError", code: 401 });
});

testNeeding(
  ["net", "read", "write", "run", "env"],
  "invite() and join() pair over IPv6",
  async () => {
    await withDirectory(async (cwd) => {
      await writeKey(cwd);
      await using server = await startServer({ cwd, hostname: "::1" });
      const at = { hostname: "::1", port: server.port };
      using invitation = await invite({ ...at, ...INVITER });
      const { code } = invitation;
      assert.deepEqual(await join({ ...at, code, introduce: () => BOB_SAYS }), FROM_ALICE);
    });
  },
);

pairingTest(
  "join_room.py, which is written from the document alone, joins",
  ["--members-only"],
  async (at) => {
    const joinWith = async (code: InvitationCode) => {
      await using joiner = spawnJoiner({ ...at, nickname: "py" });
      await joiner.write(`${formatCode(code).toUpperCase()}\n`);
      return await joiner.finished();
    };
    using invitation = await invite({ ...at, ...INVITER });
    const { stdout, stderr, code } = await joinWith(invitation.code);
    assert.deepEqual([stderr, code], ["", 0]);
    assert.equal(stdout, `${SECRET}\n${ALICE.id}\nalice\n`);
    const { nickname, id } = await invitation.joined;
    assert.deepEqual([nickname, id.length], ["py", 43]);

    using guessed = await invite({ ...at, ...INVITER });
    const failed = assert.rejects(guessed.joined, { failure: "wrong code" });
    const wrong = await joinWith(otherCode(guessed.code));
    assert.deepEqual([wrong.stdout, wrong.stderr, wrong.code], ["", "the code is wrong\n", 1]);
    await failed;
    const late = await joinWith(guessed.code);
    assert.deepEqual([late.stderr, late.code], ["ERR 410 slot used\n", 1]);
  },
  ["python3-cryptography"],
);
