import assert from "node:assert/strict";
import { confine } from "../../lib/programs/server.ts";
import { pureTest } from "../support/pure.ts";

pureTest("confine() gives back every permission that a running relay does not need", async () => {
  const revoked: string[] = [];
  await confine({
    revoke({ name }) {
      revoked.push(name);
      return Promise.resolve();
    },
  });
  assert.deepEqual(revoked.sort(), ["env", "net", "read", "sys", "write"]);
});

pureTest("confine() fails if a permission cannot be given back", async () => {
  const revoke = () => Promise.reject(new TypeError("Cannot revoke"));
  await assert.rejects(confine({ revoke }), TypeError);
});
