import assert from "node:assert/strict";
import { Connection, UnauthorizedError } from "../../lib/cluster/connection.ts";
import { type Credentials, readCredentials } from "../../lib/cluster/servers.ts";
import { Nats } from "../support/nats.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";
import { within } from "../support/within.ts";

const NEEDS = ["net", "read", "write", "env", "nats"] as const;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const encode = (data: string) => new TextEncoder().encode(data);

async function withNats(config: string, fn: (nats: Nats) => Promise<void>): Promise<void> {
  await withDirectory(async (directory) => {
    await using nats = await Nats.start({ directory, config, hasStream: false });
    await fn(nats);
  });
}

function open(nats: Nats, credentials?: Credentials, denied: string[] = []) {
  return Connection.open({
    ...{ server: nats.servers[0]!, credentials, ca: undefined, name: "r1" },
    onDenied: (what) => denied.push(what),
  });
}

testNeeding(NEEDS, "Connection publishes, subscribes, expects and requests", async () => {
  await withNats("", async (nats) => {
    const [one, two] = [await open(nats), await open(nats)];
    const { promise, resolve } = Promise.withResolvers<string>();
    const stop = two.subscribe("a.*", ({ subject, reply, data }) => {
      resolve(`${subject} ${text(data)}`);
      two.publish(reply, encode("answer"));
    });
    await two.request("$JS.API.INFO", {});
    const answered = Promise.withResolvers<string>();
    one.publish("a.b", encode("hello"), one.expect(({ data }) => answered.resolve(text(data))));
    assert.equal(await promise, "a.b hello");
    assert.equal(await answered.promise, "answer");
    stop();
    await assert.rejects(one.request("nobody", {}), /no JetStream answers/);
    const info = await one.request("$JS.API.INFO", {});
    assert.equal(info.type, "io.nats.jetstream.api.v1.account_info_response");
    assert.match(one.inbox, /^_INBOX\.r1\.[0-9a-f]{32}$/);
    assert.equal(one.place, `127.0.0.1:${nats.ports[0]}`);
    await Promise.all([one.close(), two.close()]);
    one.publish("a.b", encode("too late"));
    await one.close();
  });
});

testNeeding(NEEDS, "Connection asks again until somebody hears it, where it may", async () => {
  await withNats("", async (nats) => {
    const [one, two] = [await open(nats), await open(nats)];
    let heard = 0;
    two.subscribe("deaf", ({ reply }) => {
      if (++heard === 3) two.publish(reply, encode("{}"));
    });
    await two.request("$JS.API.INFO", {});
    assert.deepEqual(await one.request("deaf", {}, 20), {});
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal(heard, 3);
    await Promise.all([one.close(), two.close()]);
  });
});

testNeeding(NEEDS, "Connection gives a request up after 2 s", async () => {
  await withNats("", async (nats) => {
    const [one, two] = [await open(nats), await open(nats)];
    two.subscribe("silent", () => {});
    await two.request("$JS.API.INFO", {});
    const begunAt = performance.now();
    await assert.rejects(one.request("silent", {}), /no answer in time/);
    assert.ok(performance.now() - begunAt < 5000);
    two.subscribe("odd", ({ reply }) => two.publish(reply, encode("nonsense")));
    await two.request("$JS.API.INFO", {});
    await assert.rejects(one.request("odd", {}), SyntaxError);
    for (const each of [one, two]) each.abandon();
  });
});

testNeeding(NEEDS, "Connection says why it has ended", async () => {
  await withNats("", async (nats) => {
    const connection = await open(nats);
    await nats.kill(0);
    const reason = await within(5, () => "it has not ended", connection.ended);
    assert.match(reason, /closed|reset/);
    await assert.rejects(open(nats), /refused/);
  });
});

testNeeding(NEEDS, "Connection.open() says that a server is full", async () => {
  await withNats("max_connections: 1", async (nats) => {
    const connection = await open(nats);
    for (let i = 0; i < 3; i++) await assert.rejects(open(nats), /maximum connections exceeded/i);
    await connection.close();
  });
});

testNeeding(NEEDS, "Connection proves who it is, in each of the ways", async () => {
  const { nkeys } = await import("@nats-io/nats-core/internal");
  const pair = nkeys.createUser();
  const seed = text(pair.getSeed());
  const config = `authorization { users: [
    { user: a, password: "b c" }
    { nkey: ${pair.getPublicKey()} }
  ] }`;
  await withNats(config, async (nats) => {
    const good: Credentials[] = [{ kind: "user", user: "a", password: "b c" }, {
      kind: "seed",
      text: seed,
    }];
    for (const credentials of good) await (await open(nats, credentials)).close();
    const bad: (Credentials | undefined)[] = [
      undefined,
      { kind: "user", user: "a", password: "x" },
      { kind: "seed", text: text(nkeys.createUser().getSeed()) },
    ];
    for (const credentials of bad) await assert.rejects(open(nats, credentials), UnauthorizedError);
  });
});

testNeeding(NEEDS, "Connection tells what a server does not allow", async () => {
  const config = `authorization { users: [
    { user: a, password: b, permissions: { publish: ["ok"], subscribe: ["_INBOX.r1.>"] } }
  ] }`;
  await withNats(config, async (nats) => {
    const denied: string[] = [];
    const connection = await open(nats, { kind: "user", user: "a", password: "b" }, denied);
    connection.publish("secret", encode("x"));
    connection.subscribe("secret", () => {});
    await assert.rejects(connection.request("$JS.API.INFO", {}), /Permissions Violation/);
    assert.match(denied.join("\n"), /Permissions Violation for Publish to "secret"/);
    assert.match(denied.join("\n"), /Permissions Violation for Subscription to "secret"/);
    await connection.close();
  });
});

/** What an operator's tools write: tokens for a server, and a file of credentials for a relay. */
async function makeCreds(): Promise<{ config: string; creds: string }> {
  const { nkeys } = await import("@nats-io/nats-core/internal");
  const [operator, user] = [nkeys.createOperator(), nkeys.createUser()];
  const [account, system] = [nkeys.createAccount(), nkeys.createAccount()];
  const base64 = (data: string | Uint8Array) => {
    const bytes = typeof data === "string" ? encode(data) : data;
    return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
  };
  const sign = (by: typeof operator, sub: string, name: string, nats: object) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { jti: name, iat: now, iss: by.getPublicKey(), name, sub, nats };
    const head = base64(JSON.stringify({ typ: "JWT", alg: "ed25519-nkey" }));
    const body = `${head}.${base64(JSON.stringify(claims))}`;
    return `${body}.${base64(by.sign(encode(body)))}`;
  };
  const limits = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, conn: -1, leaf: -1 };
  const store = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const of = (type: string) => ({ type, version: 2 });
  const [accountKey, systemKey] = [account, system].map((each) => each.getPublicKey());
  const operatorToken = sign(operator, operator.getPublicKey(), "o", of("operator"));
  const accountToken = sign(operator, accountKey!, "a", {
    ...{ limits: { ...limits, ...store, wildcards: true }, ...of("account") },
  });
  const systemToken = sign(operator, systemKey!, "s", {
    ...{ limits: { ...limits, wildcards: true }, ...of("account") },
  });
  const userToken = sign(account, user.getPublicKey(), "u", {
    ...{ subs: -1, data: -1, payload: -1, pub: {}, sub: {}, ...of("user") },
  });
  const config = `operator: ${operatorToken}
system_account: ${systemKey}
resolver: MEMORY
resolver_preload: { ${accountKey}: ${accountToken}, ${systemKey}: ${systemToken} }`;
  const creds = `-----BEGIN NATS USER JWT-----
${userToken}
------END NATS USER JWT------

-----BEGIN USER NKEY SEED-----
${text(user.getSeed())}
------END USER NKEY SEED------
`;
  return { config, creds };
}

testNeeding(
  NEEDS,
  "Connection takes a file of credentials, as an operator's tools write it",
  async () => {
    const { config, creds } = await makeCreds();
    await withNats(config, async (nats) => {
      const credentials = readCredentials(creds);
      assert.equal(credentials?.kind, "creds");
      const connection = await open(nats, credentials);
      const { type } = await connection.request("$JS.API.INFO", {});
      assert.equal(type, "io.nats.jetstream.api.v1.account_info_response");
      await connection.close();
      const other = readCredentials((await makeCreds()).creds);
      await assert.rejects(open(nats, other), UnauthorizedError);
    });
  },
);
