import assert from "node:assert/strict";
import { formatBase64Url } from "../../../lib/bytes/base64url.ts";
import { join } from "../../../lib/client/pairing/join.ts";
import { MAX_MISSED } from "../../../lib/client/rotation/limits.ts";
import { parseKey } from "../../../lib/crypto/key.ts";
import { dayOf, markChain } from "../../../lib/crypto/key_chain.ts";
import { formatRoomSecret } from "../../../lib/crypto/room_secret.ts";
import { createIdentity } from "../../../lib/storage/identity.ts";
import { Rotations, rotationsPath } from "../../../lib/storage/rotations.ts";
import { SECRET } from "../../support/forged_tokens.ts";
import { Member } from "../../support/member.ts";
import { MovingMembers } from "../../support/moving_members.ts";
import { testNeeding } from "../../support/needs.ts";
import { withRelay } from "../../support/relay.ts";
import { withDirectory } from "../../support/temporary.ts";

const NEEDS = ["net", "read", "write"] as const;

/** Members of a room of the first form, at a relay. */
async function withMembers(fn: (members: MovingMembers, port: number) => Promise<void>) {
  await withDirectory(async (cwd) => {
    await withRelay({ maxClients: 50 }, async (port) => {
      await using members = new MovingMembers(cwd, port);
      await fn(members, port);
    });
  });
}

testNeeding(NEEDS, "who belongs is on disk before the key that is handed over", async () => {
  await withMembers(async (members) => {
    await members.introduce("alice", "bob", "mallory");
    const alice = await members.enter("alice");
    await alice.entered.rotator.rotate(alice.entered.rotator.plan(members.ids("mallory")));
    const rotations = await Rotations.open(undefined, () => {});
    const path = `${members.home("bob").directory}/secret.key`;
    const note = rotations.note.bind(rotations);
    const keys: boolean[] = [];
    rotations.note = async (rotation) => {
      await note(rotation);
      keys.push((await Deno.readTextFile(path)).startsWith("room2."));
    };
    const bob = await members.enter("bob", { rotations });
    await alice.say("under the new key");
    await bob.waitFor((event) => event.kind === "rotation" && event.state === "caught up");
    assert.equal(keys[0], false);
    assert.ok((await Deno.readTextFile(path)).startsWith("room2."));
  });
});

testNeeding(NEEDS, "who was invited belongs before the first message", async () => {
  await withMembers(async (members, port) => {
    await members.introduce("alice", "bob");
    const alice = await members.enter("alice");
    await alice.entered.rotator.rotate(alice.entered.rotator.plan(new Set()));
    const { id, signing: { privateKey } } = await createIdentity();
    const invitation = await alice.entered.invitations.invite();
    const introduce = () => ({ id, nickname: "dora", privateKey });
    await join({ hostname: "127.0.0.1", port, code: invitation.code, introduce });
    const joiner = await invitation.joined;
    alice.pins.trust(joiner.nickname, joiner.id);
    const { to, stayOut } = alice.entered.rotator.plan(members.ids("bob"));
    assert.deepEqual(to.map(({ nickname }) => nickname).sort(), ["alice", "dora"]);
    assert.deepEqual(stayOut, []);
  });
});

testNeeding(NEEDS, "a newcomer that a handover names still belongs after a restart", async () => {
  await withMembers(async (members, port) => {
    await members.introduce("alice", "bob");
    const alice = await members.enter("alice");
    await alice.entered.rotator.rotate(alice.entered.rotator.plan(new Set()));
    // Dora has come by an invitation, and has the key of now.
    const keyText = await alice.entered.keys.handover();
    const identity = await createIdentity();
    const greet = async (text: string, others: readonly Member[]) => {
      await using dora = await Member.enter({ port, nickname: "dora", identity, keyText });
      await dora.say(text);
      for (const other of others) await other.waitForText(text);
    };
    await greet("I am here", [alice]);
    // Bob was away: he finds the rotation among the past lines, and asks for its key.
    let bob = await members.enter("bob", { backlog: 200 });
    await bob.waitForText("I am here");
    await greet("hello bob", [bob]);
    await members.leave("bob");
    bob = await members.enter("bob");
    const { to, stayOut } = bob.entered.rotator.plan(new Set());
    assert.deepEqual(to.map(({ nickname }) => nickname).sort(), ["alice", "bob", "dora"]);
    assert.deepEqual(stayOut, []);
  });
});

for (const [number, isTaken] of [[MAX_MISSED, true], [MAX_MISSED + 1, false]] as const) {
  testNeeding(NEEDS, `a handover of generation ${number} is taken: ${isTaken}`, async () => {
    await withMembers(async (members) => {
      await members.introduce("alice", "mallory");
      // Mallory writes her own files by hand.
      const { directory, identity } = members.home("mallory");
      const [root, chain] = [parseKey(SECRET), new Uint8Array(32).fill(7)];
      const [mark, first] = [await markChain(chain), await markChain(root)];
      const now = Math.floor(Date.now() / 1000);
      const day = dayOf(now) - 1;
      await Deno.writeTextFile(
        `${directory}/secret.key`,
        formatRoomSecret({
          root,
          generations: [
            { number, day, chain, mark },
            { number: 0, day: 0, chain: root, mark: first, until: now + 100_000 },
          ],
        }),
        { mode: 0o600 },
      );
      {
        const spelled = { mark: formatBase64Url(mark), parent: formatBase64Url(first) };
        const to = [...members.ids("alice", "mallory")].sort();
        await using own = await Rotations.open(rotationsPath(directory), () => {});
        await own.note({
          ...{ generation: number, ...spelled, day, to, author: identity.id, newcomers: [] },
        });
      }
      const alice = await members.enter("alice");
      const mallory = await members.enter("mallory");
      await mallory.say("hello");
      const caughtUp = alice.waitFor((event) => {
        return event.kind === "rotation" && event.state === "caught up";
      }, 5);
      if (isTaken) await caughtUp;
      else await assert.rejects(caughtUp);
    });
  });
}
