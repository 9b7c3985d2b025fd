import assert from "node:assert/strict";
import { formatBase64Url, parseBase64Url } from "../../../lib/bytes/base64url.ts";
import type { RotationEvent } from "../../../lib/client/events.ts";
import { parseKey } from "../../../lib/crypto/key.ts";
import { deriveLobbyKey } from "../../../lib/crypto/key_chain.ts";
import { decrypt, importKey } from "../../../lib/fernet.ts";
import { BOX_BYTES, openChain } from "../../../lib/protocol/chain_box.ts";
import { parseEnvelope } from "../../../lib/protocol/envelope.ts";
import { parseRekey, type Rekey } from "../../../lib/protocol/rekey.ts";
import { Rotations, rotationsPath } from "../../../lib/storage/rotations.ts";
import { SECRET } from "../../support/forged_tokens.ts";
import type { Member } from "../../support/member.ts";
import { MovingMembers } from "../../support/moving_members.ts";
import { testNeeding } from "../../support/needs.ts";
import { until } from "../../support/process_info.ts";
import { Proxy } from "../../support/proxy.ts";
import { withRelay } from "../../support/relay.ts";
import { seeded } from "../../support/seeded.ts";
import { withDirectory } from "../../support/temporary.ts";

/** Registers a test with a relay in this process, and members who know each other. */
function movingTest(
  name: string,
  fn: (members: MovingMembers, proxy: Proxy) => Promise<void>,
): void {
  testNeeding(["net", "read", "write"], name, async () => {
    await withDirectory(async (cwd) => {
      await withRelay({ maxClients: 50 }, async (port) => {
        using proxy = new Proxy(port);
        await using members = new MovingMembers(cwd, proxy.port);
        await fn(members, proxy);
      });
    });
  });
}

function toldOf({ events }: Member, state: RotationEvent["state"]): RotationEvent | undefined {
  return events.find((event): event is RotationEvent => {
    return event.kind === "rotation" && event.state === state;
  });
}

async function waitTold(member: Member, state: RotationEvent["state"]): Promise<RotationEvent> {
  await member.waitFor((event) => event.kind === "rotation" && event.state === state);
  return toldOf(member, state)!;
}

/** Finds the rotation of the room's first key, and whose it is. */
async function readRekey(tokens: readonly string[]): Promise<[rekey: Rekey, author: string]> {
  for (const token of tokens) {
    const { plaintext } = await decrypt(await importKey(SECRET), token);
    const envelope = parseEnvelope(plaintext);
    if (envelope.kind !== "signed" || envelope.header.kind !== "rekey") continue;
    return [parseRekey(envelope.header.text!, envelope.body)!, envelope.header.id];
  }
  throw new Error("there is no rotation");
}

async function rotate(member: Member, without: ReadonlySet<string> = new Set()): Promise<void> {
  const { rotator } = member.entered;
  assert.equal(await rotator.rotate(rotator.plan(without)), true);
}

movingTest(
  "a rotation: those who are here get the key in it, and nobody knocks",
  async (members, proxy) => {
    await members.introduce("alice", "bob", "carol", "dave");
    const [alice, bob, carol, dave] = await members.enterAll("alice", "bob", "carol", "dave");
    const before = proxy.tokens.length;
    await rotate(alice!, members.ids("bob"));
    await Promise.all([
      waitTold(carol!, "moved"),
      waitTold(dave!, "moved"),
      waitTold(bob!, "left out"),
    ]);
    const { names, generation, nickname } = toldOf(carol!, "moved")!;
    assert.deepEqual([names, generation, nickname], [["bob"], 1, "alice"]);
    for (const member of [alice!, carol!, dave!]) {
      await member.say(
        `${member.entered.room.self.nickname} on`,
      );
    }
    for (const member of [alice!, carol!, dave!]) {
      const own = member.entered.room.self.nickname;
      for (const other of ["alice", "carol", "dave"]) {
        if (other !== own) await member.waitForText(`${other} on`);
      }
    }
    const lobbyKey = await deriveLobbyKey(parseKey(SECRET));
    const lobby = await importKey(`${formatBase64Url(lobbyKey)}=`);
    for (const token of proxy.tokens) await assert.rejects(decrypt(lobby, token));
    // A lasting key opens no box, whosever it is.
    const [rekey, author] = await readRekey(proxy.tokens.slice(before));
    assert.equal(rekey.boxes.length, 2 * BOX_BYTES);
    const [sender, ephemeralKey] = [author, rekey.ephemeralKey].map((each) =>
      parseBase64Url(each, 32)!
    );
    for (const name of ["alice", "bob", "carol", "dave"]) {
      const { agreement } = members.home(name).identity;
      const keys = { sender: sender!, ephemeralKey: ephemeralKey! };
      assert.equal(await openChain(rekey.boxes, agreement, keys), undefined, name);
    }
    await bob!.say("anybody?");
    await carol!.say("the end");
    await Promise.all([alice!, dave!].map((member) => member.waitForText("the end")));
    for (const member of [alice!, carol!, dave!]) {
      assert.ok(!member.messages.some((line) => line.includes("anybody?")));
    }
    assert.deepEqual(bob!.messages.filter((line) => / on$|the end/.test(line)), []);
    assert.equal(await members.newest("carol"), await members.newest("alice"));
    assert.equal(await Deno.readTextFile(`${members.home("bob").directory}/secret.key`), SECRET);
  },
);

movingTest("who was away gets the key from a member, and reads what it missed", async (members) => {
  await members.introduce("alice", "bob", "carol");
  const [alice, bob] = await members.enterAll("alice", "bob");
  await rotate(alice!);
  await waitTold(bob!, "moved");
  await alice!.say("while carol is away");
  await bob!.waitForText("while carol is away");
  await members.leave("alice");
  const carol = await members.enter("carol", { backlog: 200 });
  assert.equal((await waitTold(carol, "caught up")).nickname, "bob");
  await carol.waitForText("while carol is away");
  await carol.say("thank you");
  await bob!.waitForText("thank you");
  assert.equal(await members.newest("carol"), await members.newest("bob"));
  assert.ok(!carol.events.some((event) => event.kind === "rejected"));
  // Who has the key by now answers others, and after a restart, too.
  await members.leave("bob");
  await members.leave("carol");
  await members.enter("carol");
  const back = await members.enter("alice");
  await back.say("all here?");
});

movingTest(
  "what was written before the key came reaches those who lack the old one",
  async (members) => {
    await members.introduce("alice", "carol");
    const alice = await members.enter("alice");
    await rotate(alice);
    await members.leave("alice");
    // As after 48 hours: the old generation is erased.
    const path = `${members.home("alice").directory}/secret.key`;
    const [newest] = (await Deno.readTextFile(path)).split("\n");
    await Deno.writeTextFile(path, `${newest}\n`);
    const later = await members.enter("alice");
    const carol = await members.enter("carol", { backlog: 0 });
    await carol.say("is anybody here?");
    await later.waitForText("is anybody here?");
    assert.equal(later.messages.filter((line) => line.includes("is anybody")).length, 1);
    assert.equal(await carol.entered.mover.catchUp(), "newest");
  },
);

movingTest("catchUp() waits for the key, and tells who is out", async (members) => {
  await members.introduce("alice", "bob", "carol");
  const alice = await members.enter("alice");
  assert.equal(await alice.entered.mover.catchUp(), "newest");
  await rotate(alice, members.ids("bob"));
  const carol = await members.enter("carol", { backlog: 20 });
  assert.equal(await carol.entered.mover.catchUp(), "newest");
  assert.equal(await members.newest("carol"), await members.newest("alice"));
  const bob = await members.enter("bob", { backlog: 20 });
  assert.equal(await bob.entered.mover.catchUp(), "put out");
});

movingTest("catchUp() waits no longer if nobody has the key", async (members) => {
  await members.introduce("alice", "bob");
  const alice = await members.enter("alice");
  await rotate(alice);
  await members.leave("alice");
  const bob = await members.enter("bob", { backlog: 20 });
  assert.equal(await bob.entered.mover.catchUp(), "behind");
});

movingTest("who does not belong any more is told so by a member", async (members) => {
  await members.introduce("alice", "bob", "eve");
  const [alice] = await members.enterAll("alice", "bob");
  await rotate(alice!, members.ids("eve"));
  const eve = await members.enter("eve", { backlog: 0 });
  await alice!.say("no more for eve");
  await eve.waitFor((event) => event.kind === "rotation" && event.state === "refused", 30);
  assert.ok(!eve.messages.some((line) => line.includes("no more")));
  assert.equal(await members.newest("eve"), "");
});

movingTest("two rotations at once over a slow network, in 20 seeds", async (members, proxy) => {
  const names = ["alice", "bob", "carol", "dave", "erin"] as const;
  await members.introduce(...names);
  const all = await members.enterAll(...names);
  const by = new Map(names.map((name, i) => [name as string, all[i]!]));
  let conflicts = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const random = seeded(seed);
    proxy.meddle = async (line) => {
      await new Promise((resolve) => setTimeout(resolve, random() * 60));
      return [line];
    };
    const counts = all.map(({ events }) => events.length);
    const plans = ["alice", "bob"].map((name) => by.get(name)!.entered.rotator.plan(new Set()));
    // Of the two rotations each lacks another one, who knocks at the winner's door in vain.
    const [first, second] = [plans[0]!, plans[1]!];
    const lack = (plan: typeof first, id: string) => ({
      ...plan,
      to: plan.to.filter((member) => member.id !== id),
    });
    const [erin, dave] = ["erin", "dave"].map((name) => members.home(name).identity.id);
    const results = await Promise.allSettled([
      by.get("alice")!.entered.rotator.rotate(seed < 20 ? first : lack(first, erin!)),
      (async () => {
        await new Promise((resolve) => setTimeout(resolve, random() * 40));
        return await by.get("bob")!.entered.rotator.rotate(
          seed < 20 ? second : lack(second, dave!),
        );
      })(),
    ]);
    for (const result of results) {
      // Whoever had the other's rotation by then may be told to wait.
      if (result.status === "rejected") assert.match(`${result.reason}`, /newest key|being told/);
    }
    proxy.meddle = (line) => [line];
    const isIn = seed < 20 ? names : ["alice", "bob", "carol"];
    await until(async () => {
      const newest = await Promise.all(isIn.map((name) => members.newest(name)));
      const isTold = isIn.every((name) => by.get(name)!.entered.keys.unannounced === undefined);
      return isTold && new Set(newest).size === 1;
    }, () => {
      const told = [...by].map(([name, { events, entered: { keys } }], i) => {
        const news = events.slice(counts[i]).filter(({ kind }) => kind === "rotation");
        const generations = keys.generations.map(({ number, isUnannounced, mark }) => {
          return `${number} ${mark.toHex().slice(0, 6)}${isUnannounced ? " unannounced" : ""}`;
        });
        return `${name}: ${generations.join(", ")}; ${JSON.stringify(news)}`;
      });
      return `not one key in seed ${seed}:\n${told.join("\n")}`;
    }, 15);
    if (
      all.some(({ events }, i) => {
        return events.slice(counts[i]).some((each) =>
          each.kind === "rotation" && each.state === "overruled"
        );
      })
    ) conflicts++;
    if (seed < 20) {
      for (const [name, member] of by) await member.say(`${name} ${seed}`);
      for (const [name, member] of by) {
        for (const other of names) if (other !== name) await member.waitForText(`${other} ${seed}`);
      }
    } else {
      // Who was left out by the winner knows.
      const out = ["dave", "erin"].filter((name) => {
        const { keys } = by.get(name)!.entered;
        const { keys: winner } = by.get("carol")!.entered;
        return keys.fingerprint !== winner.fingerprint;
      });
      for (const name of out) {
        const events = by.get(name)!.events.slice(counts[names.indexOf(name as "dave")]);
        assert.ok(
          events.some((each) => each.kind === "rotation" && each.state === "left out"),
          name,
        );
      }
      assert.equal(out.length, 1);
    }
  }
  assert.ok(conflicts >= 5, `${conflicts} conflicts`);
});

movingTest("a rotation that no file takes is forgotten, and can be done again", async (members) => {
  await members.introduce("alice", "bob");
  const [first, bob] = await members.enterAll("alice", "bob") as [Member, Member];
  let alice = first;
  const path = `${members.home("alice").directory}/secret.key`;
  const refuse = async () => {
    await Deno.rename(path, `${path}.away`);
    await Deno.mkdir(path);
    const error = {
      name: "ChatError",
      message: /^Cannot move the room on: the key file cannot be written: .*secret\.key/,
    };
    await assert.rejects(alice.entered.rotator.check(), error);
    await assert.rejects(rotate(alice), error);
    await Deno.remove(path);
    await Deno.rename(`${path}.away`, path);
    assert.equal(alice.entered.keys.isFirstForm, true);
  };
  await refuse();
  // The same after a new start, which knows the rotation from its list.
  await members.leave("alice");
  alice = await members.enter("alice");
  await refuse();
  await rotate(alice);
  await alice.say("done");
  await bob.waitForText("done");
  assert.equal(await members.newest("bob"), await members.newest("alice"));
});

movingTest("a rotation that was begun and not told is told at the next start", async (members) => {
  await members.introduce("alice", "bob", "carol");
  const [alice, bob] = await members.enterAll("alice", "bob");
  const { keys } = alice!.entered;
  const { mark: parent } = keys.current;
  const generation = await keys.begin();
  {
    await using rotations = await Rotations.open(
      rotationsPath(members.home("alice").directory),
      () => {},
    );
    const { number, mark, day } = generation;
    await rotations.note({
      ...{ generation: number, mark: formatBase64Url(mark), parent: formatBase64Url(parent), day },
      ...{ to: [...members.ids("alice", "bob")], newcomers: [] },
      author: members.home("alice").identity.id,
    });
  }
  assert.equal(await keys.adopt(generation), true);
  await members.leave("alice");
  assert.match(
    await Deno.readTextFile(`${members.home("alice").directory}/secret.key`),
    /^room2\..*\.unannounced$/m,
  );
  const again = await members.enter("alice");
  // Until it is told, she writes what the others can read.
  await again.say("not told yet");
  await bob!.waitForText("not told yet");
  await waitTold(bob!, "moved");
  await until(() => again.entered.keys.unannounced === undefined, "it is not told");
  await again.say("under the new key");
  await bob!.waitForText("under the new key");
  assert.equal(await members.newest("bob"), await members.newest("alice"));
  // It is told to those whom it was for, whoever came to be known since.
  const carol = await members.enter("carol", { backlog: 200 });
  await waitTold(carol, "left out");
});
