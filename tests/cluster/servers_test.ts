import assert from "node:assert/strict";
import { readCredentials } from "../../lib/cluster/servers.ts";
import { pureTest } from "../support/pure.ts";

const SEED = `SU${"A".repeat(56)}`;
const CREDS = `-----BEGIN NATS USER JWT-----
ey.J.w
------END NATS USER JWT------

-----BEGIN USER NKEY SEED-----
${SEED}
------END USER NKEY SEED------
`;

pureTest("readCredentials() knows a .creds file, a seed, and a user with a password", () => {
  assert.deepEqual(readCredentials(CREDS), { kind: "creds", text: CREDS });
  assert.deepEqual(readCredentials(`${SEED}\n`), { kind: "seed", text: SEED });
  assert.deepEqual(readCredentials("a:b:c\r\n"), { kind: "user", user: "a", password: "b:c" });
});

pureTest("readCredentials() takes nothing else", () => {
  for (const text of ["", "a", ":b", "a:", "a b:c", "a:b\nc:d", SEED.slice(1), `${SEED}A`]) {
    assert.equal(readCredentials(text), undefined, text);
  }
});
