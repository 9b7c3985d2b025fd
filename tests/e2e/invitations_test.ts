import assert from "node:assert/strict";
import { modeOf } from "../support/key_files.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import {
  commandLine,
  type Program,
  run,
  type Server,
  spawn,
  startServer,
} from "../support/programs.ts";

import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { MAX_SLOTS, MAX_SLOTS_OF_MEMBER } from "../../lib/relay/limits.ts";
import { CODE_WORDS } from "../../lib/text/code_words.ts";
import { answer, hello, untilLine } from "../support/member_client.ts";
import { Proxy } from "../support/proxy.ts";
import { RawClient } from "../support/raw_client.ts";
import { spawnOnSmallDisk } from "../support/small_disk.ts";
import { withDirectory } from "../support/temporary.ts";
import { quote, Terminal } from "../support/tmux.ts";

const NEEDS = ["net", "read", "write", "run", "env"] as const;
const CODE = /^[a-z]+(?:-[a-z]+){3}$/m;
const NUMBER = "(?:\\d{5} ?){6}";

/** A server, Alice's directory with its key, and Bob's, which is empty. */
interface Place {
  readonly server: Server;
  readonly alice: string;
  readonly bob: string;
  readonly address: readonly [hostname: string, port: string];
}

async function withPlace(
  fn: (place: Place) => Promise<void>,
  { hostname = "127.0.0.1", args = [] as readonly string[], keyless = false } = {},
): Promise<void> {
  await withDirectory(async (directory) => {
    const [alice, bob] = [`${directory}/alice`, `${directory}/bob`];
    await Deno.mkdir(alice);
    await Deno.mkdir(bob);
    const key = `${alice}/secret.key`;
    if (keyless) {
      await (await startServer({ cwd: alice }))[Symbol.asyncDispose]();
      const { stdout } = await run("client", ["admission", "-k", key], { cwd: alice });
      await Deno.writeTextFile(`${directory}/admission.pub`, stdout);
    }
    const chosen = keyless ? ["--keyless", "admission.pub"] : ["--key", key];
    await using server = await startServer({
      cwd: directory,
      hostname,
      args: [...chosen, ...args],
    });
    await fn({ server, alice, bob, address: [hostname, `${server.port}`] });
  });
}

/** Starts a client of somebody who has a directory. */
function start(cwd: string, args: readonly string[], nick?: string): Promise<Program> {
  const env = { XDG_STATE_HOME: `${cwd}/state`, USER: nick ?? "zoe" };
  return spawn("client", [...args, ...nick === undefined ? [] : ["--nick", nick]], { cwd, env });
}

/** Starts `chat-client invite`, and waits for the code. */
async function startInviting(cwd: string, target: readonly string[]) {
  const inviting = await start(cwd, ["invite", ...target], "alice");
  const [code] = await inviting.waitFor("stdout", CODE);
  return { inviting, code };
}

/** Joins with a code on standard input, and leaves. */
async function joinWith(cwd: string, address: readonly string[], code: string) {
  await using joining = await start(cwd, ["join", ...address, "--no-enter"], "bob");
  await joining.write(`${code}\n`);
  return await joining.finished(12);
}

/** The names of all files in a directory, but for those of the state. */
async function filesIn(directory: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    if (name === "state") continue;
    if (!isDirectory) files.push(name);
    else files.push(...(await filesIn(`${directory}/${name}`)).map((file) => `${name}/${file}`));
  }
  return files.sort();
}

const WAYS = [
  ["in an open room", {}],
  ["in a room of members", { args: ["--members-only"] }],
  ["at a keyless server", { keyless: true }],
  ["over IPv6", { hostname: "::1" }],
] as const;

for (const [where, how] of WAYS) {
  testNeeding(
    NEEDS,
    `four words bring two into a room, verified to each other: ${where}`,
    async () => {
      await withPlace(async ({ alice, bob, address }) => {
        await using first = await start(alice, address, "alice");
        await first.write("/invite bob\n");
        const told = /^for bob, for 10 minutes: (\S+)$/m;
        const [, code] = await first.waitFor("stderr", told);
        await using second = await start(bob, ["join", ...address], "bob");
        await second.write(`${code}\nhello\n`);
        await first.waitFor("stdout", /^<bob> hello$/m);
        await first.write("hi\n/whois bob\n");
        await second.waitFor("stdout", /^<alice> hi$/m);
        await second.write("/whois alice\n");
        const [, bobs] = await first.waitFor(
          "stderr",
          RegExp(`^bob has .* verified: (${NUMBER})$`, "m"),
        );
        const [, alices] = await second.waitFor(
          "stderr",
          RegExp(`^alice has let you in, and is verified: (${NUMBER})$`, "m"),
        );
        for (
          const [program, name, number] of [[first, "bob", bobs], [
            second,
            "alice",
            alices,
          ]] as const
        ) {
          await program.waitFor(
            "stderr",
            RegExp(`^${name}: safety number ${number}\n  the key that you have confirmed$`, "m"),
          );
          assert.doesNotMatch(program.stderr, /verify|warning|NOT/);
        }
        const room = `${bob}/config/encrypted-chatroom/rooms/${address[0].replace("::", "room-")}`;
        assert.equal(await modeOf(`${room}/secret.key`), 0o600);
        const [given, own] = await Promise.all(
          [`${room}/secret.key`, `${alice}/secret.key`].map((path) => Deno.readTextFile(path)),
        );
        assert.equal(given!.trim(), own!.trim());
        for (const program of [first, second]) {
          await program.child.stdin.close();
          assert.equal((await program.finished()).code, 0);
        }
        // From now on the room's name is enough.
        const again = await start(bob, []);
        await again.child.stdin.close();
        assert.equal((await again.finished()).code, 0, again.stderr);
        await again[Symbol.asyncDispose]();
      }, how);
    },
  );
}

testNeeding(NEEDS, "invite ends when somebody came, and the code is good once", async () => {
  await withPlace(async ({ alice, bob, address }) => {
    const added = await run(
      "client",
      ["rooms", "add", "friends", ...address],
      { cwd: alice, env: { XDG_STATE_HOME: `${alice}/state` } },
    );
    assert.equal(added.code, 0, added.stderr);
    const { inviting, code } = await startInviting(alice, ["friends"]);
    await using _inviting = inviting;
    const joined = await joinWith(bob, [...address, "--name", "Club"], code);
    assert.deepEqual([joined.code, joined.stderr], [0, ""]);
    assert.match(joined.stdout, /^enter it with: chat-client club$/m);
    const { code: exit, stdout, stderr } = await inviting.finished(12);
    assert.deepEqual([exit, stdout], [0, `${code}\n`]);
    assert.match(stderr, RegExp(`^bob has the key now, and is verified: ${NUMBER}$`, "m"));
    const second = await joinWith(`${alice}`, [...address, "--name", "again"], code);
    assert.equal(second.code, 1);
    assert.match(second.stderr, /^error: Cannot join: this code was used already\nhint: /);
    assert.deepEqual(await filesIn(`${bob}/config/encrypted-chatroom/rooms`), [
      "club/room.json",
      "club/secret.key",
    ]);
  });
});

testNeeding(NEEDS, "a wrong code is told to both sides, and uses the code up", async () => {
  await withPlace(async ({ alice, bob, address }) => {
    const { inviting, code } = await startInviting(alice, address);
    await using _inviting = inviting;
    const [slot] = code.split("-");
    const wrong = await joinWith(bob, address, `${slot}-acorn-acorn-acorn`);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /^error: Cannot join: the code is wrong\nhint: Ask for another /);
    const { code: exit, stderr } = await inviting.finished(12);
    assert.equal(exit, 1);
    assert.match(stderr, /^error: Invitation over: somebody came with a wrong code\nhint: /m);
    assert.equal((await joinWith(bob, address, code)).code, 1);
    assert.deepEqual(await filesIn(bob), []);
  });
});

testNeeding(NEEDS, "an inviter that is gone, and a server that is gone, end it", async () => {
  await withPlace(async ({ server, alice, bob, address }) => {
    const { inviting, code } = await startInviting(alice, address);
    await inviting[Symbol.asyncDispose]();
    await server.program.waitFor("stderr", /^.* client 1 left .*$/m);
    const gone = await joinWith(bob, address, code);
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /^error: Cannot join: who invited you is gone\n/);
    const next = await startInviting(alice, address);
    await using _inviting = next.inviting;
    await server[Symbol.asyncDispose]();
    const { code: exit, stderr } = await next.inviting.finished(12);
    assert.equal(exit, 1);
    assert.match(stderr, /^error: Invitation over: the connection was lost\nhint: /m);
    const nowhere = await joinWith(bob, address, next.code);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.stderr, /^error: Cannot connect/);
    // The server is there again, and knows nothing of the code.
    await using _server = await startServer({ cwd: alice, port: Number(address[1]) });
    assert.match((await joinWith(bob, address, next.code)).stderr, /nobody waits there/);
    assert.deepEqual(await filesIn(bob), []);
  });
});

testNeeding(NEEDS, "a server that goes in the middle leaves nothing half done", async () => {
  await withPlace(async ({ server, alice, bob, address }) => {
    using proxy = new Proxy(server.port);
    const { inviting, code } = await startInviting(alice, address);
    await using _inviting = inviting;
    let passes = 0;
    proxy.meddle = (line) => {
      // The last but one line of the joiner: the key is on its way.
      if (line.startsWith("!PASS") && ++passes === 1) proxy.cut();
      return [line];
    };
    const cut = await joinWith(bob, ["127.0.0.1", `${proxy.port}`], code);
    assert.equal(cut.code, 1);
    assert.match(cut.stderr, /^error: Connection lost: the server is gone\n/);
    assert.equal((await inviting.finished(12)).code, 1);
    assert.deepEqual(await filesIn(bob), []);
  });
});

testNeeding(NEEDS, "a member has three codes at once, and a server may give none", async () => {
  await withPlace(async ({ alice, address }) => {
    await using member = await start(alice, address, "alice");
    await member.write("/invite\n/invite\n/invite zoë\n/invite\n");
    await member.waitFor("stderr", /^Cannot invite: too many invitations are open$/m);
    assert.equal(member.stderr.match(/^for one person, /gm)!.length, 2);
    await member.child.stdin.close();
    const { code, stderr } = await member.finished();
    assert.equal(code, 1);
    assert.match(stderr, /^zoë: Invitation over: the connection was lost$/m);
  });
  await withPlace(async ({ alice, address }) => {
    const { code, stdout, stderr } = await (await start(alice, ["invite", ...address], "al"))
      .finished(12);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.equal(stderr, "error: Cannot invite: this server lets no member invite\n");
  }, { args: ["--no-invites"] });
});

testNeeding(
  [...NEEDS, "mount"],
  "a full disk uses no code up, and nothing stays there",
  async () => {
    await withPlace(async ({ alice, bob, address }) => {
      const { inviting, code } = await startInviting(alice, address);
      await using _inviting = inviting;
      const join = `printf '%s\\n' ${code} | ./client join ${
        address.join(" ")
      } --no-enter --nick bob`;
      await using joining = await spawnOnSmallDisk(
        `dd if=/dev/zero of=small/fill bs=4k 2> fill.log
       ${join}; echo "code $?"; find small
       mount -o remount,ro small; ${join}; echo "code $?"
       mount -o remount,rw small; rm small/fill
       ${join}; echo "code $?"; find small -type f | sort`,
        {
          cwd: bob,
          kib: 64,
          env: { XDG_CONFIG_HOME: `${bob}/small/config`, XDG_STATE_HOME: `${bob}/state` },
        },
      );
      const { stdout, stderr } = await joining.finished();
      const rooms = "small/config/encrypted-chatroom/rooms/127.0.0.1";
      const why = (reason: string) =>
        `error: Cannot keep room: ${bob}/${rooms} cannot be written: ${reason}\n` +
        "hint: Choose a directory that you may write to, with XDG_CONFIG_HOME.\n";
      assert.equal(stderr, why("the disk is full") + why("its file system is read-only"));
      assert.match(stdout, /^code 1\nsmall\nsmall\/fill\ncode 1\nalice has let you in, /);
      const files = `${rooms}/room.json\n${rooms}/secret.key\n`;
      assert.ok(stdout.endsWith(`\ncode 0\n${files}`), stdout);
      assert.equal((await inviting.finished(12)).code, 0);
    });
  },
);

testNeeding(NEEDS, "a join that is interrupted leaves nothing", async () => {
  await withPlace(async ({ alice, bob, address, server }) => {
    using proxy = new Proxy(server.port);
    const { inviting, code } = await startInviting(alice, address);
    await using _inviting = inviting;
    let heard = () => {};
    const waiting = new Promise<void>((resolve) => heard = resolve);
    // The first message never arrives: the joiner waits for an answer.
    proxy.meddle = (line) => {
      if (line.startsWith("!MEET")) heard();
      return [];
    };
    await using joining = await start(bob, ["join", "127.0.0.1", `${proxy.port}`], "bob");
    await joining.write(`${code}\n`);
    await waiting;
    joining.child.kill("SIGINT");
    assert.equal((await joining.finished(12)).code, 130);
    assert.deepEqual(await filesIn(bob), []);
    const names = (await Array.fromAsync(Deno.readDir(bob))).map(({ name }) => name);
    assert.deepEqual(names, ["state"]);
    // The code was not used.
    assert.equal((await joinWith(bob, address, code)).code, 0);
  });
});

testNeeding(NEEDS, "a server whose slots are all held says so at once", async () => {
  await withPlace(async ({ alice, address }) => {
    const key = await deriveRoomKey((await Deno.readTextFile(`${alice}/secret.key`)).trim());
    using stack = new DisposableStack();
    for (let first = 0; first < MAX_SLOTS; first += MAX_SLOTS_OF_MEMBER) {
      const member = stack.use(await RawClient.connect(Number(address[1])));
      await member.send(hello());
      await untilLine(member, "!CHAL ");
      await member.send(await answer(member, key));
      await untilLine(member, "!LIVE");
      const last = Math.min(first + MAX_SLOTS_OF_MEMBER, MAX_SLOTS);
      for (const word of CODE_WORDS.slice(first, last)) {
        await member.send(`!SLOT ${word}\n`);
        await untilLine(member, `!SLOT ${word} 600`);
      }
    }
    await using inviting = await start(alice, ["invite", ...address], "alice");
    const { code, stdout, stderr } = await inviting.finished(12);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(
      stderr,
      /^error: Cannot invite: too many invitations are open\nhint: You may have 3, /,
    );
  });
});

testNeeding(NEEDS, "neither the network nor ps sees key, names or words", async () => {
  await withPlace(async ({ server, alice, bob }) => {
    using proxy = new Proxy(server.port);
    const address = ["127.0.0.1", `${proxy.port}`];
    await using inviting = await start(alice, ["invite", ...address], "alice-in-chains");
    const [code] = await inviting.waitFor("stdout", CODE);
    await using joining = await start(bob, ["join", ...address], "bob-the-builder");
    await joining.write(`${code}\n`);
    await joining.waitFor("stderr", /^connected to /m);
    const { stdout } = await new Deno.Command("ps", { args: ["-o", "args", "-A"] }).output();
    const commands = new TextDecoder().decode(stdout);
    assert.ok(commands.includes("bob-the-builder"), "ps was not read");
    assert.ok(!commands.includes(code), "ps shows the code");
    const seen = proxy.recorded.map((bytes) => new TextDecoder("latin1").decode(bytes)).join("");
    const [slot, ...words] = code.split("-");
    assert.ok(seen.includes(`!MEET ${slot} `), "nothing was recorded");
    const key = (await Deno.readTextFile(`${alice}/secret.key`)).trim();
    const decoded = [...seen.matchAll(/ ([A-Za-z0-9_-]{20,})/g)].map(([, text]) =>
      new TextDecoder("latin1").decode(Uint8Array.fromBase64(text!, { alphabet: "base64url" }))
    );
    const all = [seen, ...decoded].join("\n");
    const raw = new TextDecoder("latin1").decode(
      Uint8Array.fromBase64(key, { alphabet: "base64url" }),
    );
    for (
      const secret of [
        key,
        key.slice(0, 12),
        raw,
        raw.slice(0, 8),
        "alice-in",
        "bob-the",
        words.join("-"),
      ]
    ) {
      assert.ok(!all.includes(secret), `${secret} is in what went over the network`);
    }
    for (const word of words) assert.ok(!RegExp(`\\b${word}\\b`, "i").test(seen), word);
  });
});

/** Opens a terminal in which the client runs with a home directory; it ends with `exit <code>`. */
async function open(cwd: string, args: readonly string[]): Promise<Terminal> {
  const variables = [
    ...["LC_ALL=C.UTF-8", `XDG_CONFIG_HOME=${cwd}/config`, `XDG_STATE_HOME=${cwd}/state`],
    "USER=zoe",
  ];
  const words = [
    "env",
    "-u",
    "CHAT_NICK",
    ...variables,
    ...await commandLine("client", "source"),
    ...args,
  ];
  const size = { columns: 130, rows: 20, end: /exit \d+$/m };
  return await Terminal.open(`${quote(words)}; echo "exit $?"`, { cwd, ...size });
}

testNeeding(
  [...NEEDS, "tmux"],
  "join asks at a terminal, completes words, and goes on talking",
  async () => {
    await withPlace(async ({ alice, bob, address }) => {
      await using first = await open(alice, [...address, "--nick", "alice"]);
      await first.waitFor(/here: only you/);
      await first.type("/invite bob");
      await first.press("Enter");
      await first.waitFor(/for bob, for 10 minutes: \S+$/m);
      const [, code] = /minutes: (\S+)/.exec((await first.screen()).join("\n"))!;
      await using second = await open(bob, ["join", ...address]);
      await second.waitFor(/^the four words:$/m);
      await second.type("acorn cablle dwarf ship");
      await second.press("Enter");
      await second.waitFor(/^Not a word of invitation codes: "cablle"\nDid you mean .*cable/m);
      await second.type("acro");
      await second.press("C-u");
      await second.type(code!.slice(0, code!.lastIndexOf("-")));
      await second.press("Tab", "BSpace", "-");
      await second.type(code!.split("-")[3]!);
      await second.waitFor(RegExp(`^the four words: ${code}$`, "m"));
      await second.press("Enter");
      await second.waitFor(/^your name \[zoe\]:$/m);
      await second.type("bob");
      await second.press("Enter");
      await second.waitFor(/-- here: you, alice$/m);
      const rows = (await second.screen()).join("\n");
      assert.match(rows, /^your name is kept in .*config\.json$/m);
      assert.match(rows, /^alice has let you in, and is verified: /m);
      assert.match(rows, /^from now on you enter it with: chat-client 127\.0\.0\.1$/m);
      await second.type("here I am");
      await second.press("Enter");
      await first.waitFor(/^\d\d:\d\d bob {2}here I am$/m);
      const seen = (await first.screen()).join("\n");
      assert.match(
        seen,
        /-- bob has the key now, and is verified: .*\n.*-- to enter it by a name, too: .*\n(?: {9}.*\n)?.*-- bob joined$/m,
      );
      await second.press("C-d");
      await second.waitFor(/^exit 0$/m);
    });
  },
);

testNeeding(
  [...NEEDS, "tmux"],
  "Ctrl-C withdraws a code, and leaves the question for one",
  async () => {
    await withPlace(async ({ alice, bob, address, server }) => {
      await using inviting = await open(alice, ["invite", ...address]);
      await inviting.waitFor(/^your name \[zoe\]:$/m);
      await inviting.press("Enter");
      await inviting.waitFor(/^waiting for them; Ctrl-C withdraws the code$/m);
      const [code] = CODE.exec((await inviting.screen()).join("\n"))!;
      await inviting.press("C-c");
      await inviting.waitFor(/exit 130$/m);
      await server.program.waitFor("stderr", / client \d+ left /);
      assert.match(
        (await joinWith(bob, address, code)).stderr,
        /who invited you is gone/,
      );
      await using joining = await open(bob, ["join", ...address]);
      await joining.waitFor(/^the four words:$/m);
      await joining.type("acorn");
      await joining.press("C-c");
      await joining.waitFor(/^exit 130$/m);
      await joining.echo("shown");
      await until(async () => (await filesIn(bob)).length === 0, "no file");
    });
  },
);
