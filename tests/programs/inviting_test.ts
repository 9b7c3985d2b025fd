import assert from "node:assert/strict";
import { Invitations } from "../../lib/client/pairing/invitations.ts";
import { JoinerTalk } from "../../lib/client/pairing/joiner_talk.ts";
import { Inviting, pinPartner, spellPartner } from "../../lib/programs/inviting.ts";
import type { ClientControl } from "../../lib/protocol/control.ts";
import { parseCode } from "../../lib/protocol/invitation_code.ts";
import { Pins } from "../../lib/storage/pins.ts";
import { SAY } from "../support/fake_chat.ts";
import { ALICE, BOB, EVE, SECRET } from "../support/fixed_members.ts";
import { until } from "../support/process_info.ts";
import { testNeeding } from "../support/needs.ts";
import { pureTest } from "../support/pure.ts";
import { noWarning } from "../support/wordings.ts";

const ADDRESS = { hostname: "192.168.1.20", port: 5050 };

async function create(
  address = ADDRESS,
  env: (name: string) => string | undefined = () => undefined,
  keyPath: string | undefined = "secret.key",
  columns: number | undefined = undefined,
) {
  const pins = await Pins.open(undefined, noWarning);
  return {
    pins,
    inviting: new Inviting({
      relays: { current: address },
      pins,
      keyPath,
      env,
      say: SAY,
      columns: () => columns,
    }),
  };
}

/** Invitations at a relay that gives every slot. */
function createInvitations() {
  const { id, signing: { privateKey } } = ALICE;
  const introduce = () => ({ id, nickname: "alice", privateKey });
  const invitations = new Invitations({ handover: () => Promise.resolve(SECRET), introduce });
  const said: ClientControl[] = [];
  const attached = invitations.attach({
    say(control) {
      said.push(control);
      if (control.verb === "SLOT") invitations.take({ ...control, answer: 300 });
      return Promise.resolve();
    },
  });
  return { invitations, attached, said };
}

pureTest("Inviting says what the other person runs", async () => {
  const code = await parseCode("acorn-cable-dwarf-ship");
  const { inviting } = await create();
  assert.deepEqual([inviting.explainLink({ code }), ...inviting.explain()], [
    'or all in one line: chat-client join "chatroom://192.168.1.20:5050/#acorn-cable-dwarf-ship"',
    "they enter the four words in: chat-client join 192.168.1.20 5050",
  ]);
  const env = (name: string) => name === "CHAT_TASK" ? "1" : undefined;
  const local = (await create({ hostname: "::1", port: 80 }, env)).inviting;
  assert.deepEqual([local.explainLink({ code }), ...local.explain()], [
    'or all in one line: deno task client join "chatroom://[::1]:80/#acorn-cable-dwarf-ship"',
    "they enter the four words in: deno task client join ::1 80",
    "only this machine can connect there: others need its address",
  ]);
});

pureTest("Inviting says how the server is reached over TLS", async () => {
  const code = await parseCode("acorn-cable-dwarf-ship");
  const pins = await Pins.open(undefined, noWarning);
  const tell = (name: string | undefined) => {
    const parts = { relays: { current: ADDRESS }, keyPath: "a.key", env: () => undefined };
    const inviting = new Inviting({
      ...{ ...parts, pins, say: SAY, columns: () => undefined },
      tls: { name, authoritiesPath: undefined },
    });
    return [inviting.explainLink({ code }), ...inviting.explain(), ...inviting.advise()];
  };
  assert.deepEqual(tell(undefined), [
    'or all in one line: chat-client join "chatrooms://192.168.1.20:5050/#acorn-cable-dwarf-ship"',
    "they enter the four words in: chat-client join 192.168.1.20 5050 --tls",
    "to enter it by a name, too: chat-client rooms add NAME 192.168.1.20 5050 --key a.key --tls",
  ]);
  const [link, command] = tell("chat.example.org");
  assert.match(link!, /"chatrooms:\/\/192\.168\.1\.20:5050\/chat\.example\.org#acorn-/);
  assert.match(command!, / join 192\.168\.1\.20 5050 --tls-name=chat\.example\.org$/);
});

pureTest("Inviting.open() shows the code, and later who came, who is then pinned", async () => {
  for (const nickname of ["", "bob"]) {
    const { pins, inviting } = await create();
    // A disk that is never done holds nothing up.
    pins.flush = () => Promise.withResolvers<void>().promise;
    const { invitations, said } = createInvitations();
    const told: string[] = [];
    await inviting.open(invitations, nickname, (line) => void told.push(line));
    const [, whom, text] = /^for (\S+(?: person)?), for 5 minutes: (\S+)$/.exec(told[0]!)!;
    assert.equal(whom, nickname === "" ? "one person" : "bob");
    assert.equal(told.length, 2);
    const code = await parseCode(text!);
    const { id, signing: { privateKey } } = BOB;
    const joiner = await JoinerTalk.begin(code, () => ({ id, nickname: "bob", privateKey }));
    invitations.take({ verb: "MEET", slot: code.slot, message: joiner.opening });
    for (let count = 1; count <= 2; count++) {
      const passed = () => said.flatMap((each) => each.verb === "PASS" ? [each.message] : []);
      await until(() => Promise.resolve(passed().length === count), "an answer");
      const { reply } = await joiner.take(passed().at(-1)!);
      invitations.take({ verb: "PASS", slot: code.slot, message: reply });
    }
    await until(() => Promise.resolve(told.length === 4), "the end");
    assert.match(told[2]!, /^bob has the key now, and is verified: (?:\d{5} ?){6}$/);
    assert.equal(
      told[3],
      "to enter it by a name, too: chat-client rooms add NAME 192.168.1.20 5050",
    );
    assert.equal(pins.peek("bob"), BOB.id);
  }
});

pureTest("Inviting.advise() says once how to enter the room by a name", async () => {
  const none = () => undefined;
  const { inviting } = await create(ADDRESS, none, "/home/a/club.key");
  assert.deepEqual(inviting.advise(), [
    "to enter it by a name, too: chat-client rooms add NAME 192.168.1.20 5050 --key /home/a/club.key",
  ]);
  assert.deepEqual(inviting.advise(), []);
  for (const path of ["my key", "a;ls", "$(ls)", "é"]) {
    assert.deepEqual((await create(ADDRESS, none, path)).inviting.advise(), []);
  }
});

testNeeding(
  ["read"],
  "Inviting.open() draws the link where it is asked to, and has room",
  async () => {
    const draw = async (wish: string, columns: number | undefined) => {
      const { inviting } = await create(ADDRESS, () => undefined, "secret.key", columns);
      const { invitations, attached } = createInvitations();
      const told: string[] = [];
      await inviting.open(invitations, wish, (line) => void told.push(line));
      attached[Symbol.dispose]();
      return told;
    };
    const drawn = await draw("--qr bob", 80);
    assert.match(drawn[0]!, /^for bob, for 5 minutes: /);
    assert.match(drawn.slice(2).join("\n"), /^(?:[█▀▄ ]{33,41}\n?){17,21}$/);
    assert.match((await draw("--qr", 80))[0]!, /^for one person, /);
    assert.equal((await draw("bob", 80)).length, 2);
    assert.equal((await draw("--qr", undefined)).length, 2);
    assert.match((await draw("--qr", 30))[2]!, /^a QR code takes \d\d columns, and there are 30$/);
  },
);

pureTest("Inviting.open() tells why it ended, and which one", async () => {
  for (const nickname of ["", "bob"]) {
    const { inviting } = await create();
    const { invitations, attached } = createInvitations();
    const told: string[] = [];
    await inviting.open(invitations, nickname, (line) => void told.push(line));
    attached[Symbol.dispose]();
    await until(() => Promise.resolve(told.length === 4), "the end");
    const who = nickname === "" ? told[0]!.split(" ").at(-1) : "bob";
    assert.deepEqual(told.slice(2), [
      `${who}: Invitation over: the connection was lost`,
      "Make another code.",
    ]);
    const again = inviting.open(invitations, nickname, () => assert.fail("it told something"));
    await assert.rejects(again, { name: "InviteError", failure: "lost" });
  }
});

pureTest("a partner takes over no name that belongs to another key", async () => {
  const { pins, inviting } = await create();
  pins.judge("bob", EVE.id);
  assert.equal(pinPartner(pins, { nickname: "Bob", id: BOB.id }), false);
  assert.equal(
    await inviting.welcome({ nickname: "Bob", id: BOB.id }),
    "Bob has the key now; the name belongs to another key here: see /verify Bob, /trust Bob",
  );
  assert.equal(pins.peek("bob"), EVE.id);
  assert.equal(pinPartner(pins, { nickname: "carol", id: BOB.id }), true);
  assert.equal(pins.peek("carol"), BOB.id);
});

pureTest("spellPartner() marks a name that looks like a known one", async () => {
  const { pins } = await create();
  pins.judge("bob", BOB.id);
  const spell = (nickname: string) => spellPartner(pins, { id: EVE.id, nickname }, SAY);
  assert.deepEqual(["eve", "ьob"].map(spell), ["eve", "ьob (looks like bob)"]);
});
