import assert from "node:assert/strict";
import { PIPE_TURN_BYTES } from "../../../lib/relay/pipes/limits.ts";
import { PipeTurn } from "../../../lib/relay/pipes/turn.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("spend() lets a share through in a turn, and the rest wait for the next", async () => {
  const turn = new PipeTurn();
  assert.equal(turn.spend(PIPE_TURN_BYTES / 2), undefined);
  assert.equal(turn.spend(PIPE_TURN_BYTES / 2), undefined);
  const wait = turn.spend(1);
  assert.ok(wait instanceof Promise);
  assert.equal(turn.spend(1), wait);
  await wait;
  assert.equal(turn.spend(PIPE_TURN_BYTES), undefined);
});

pureTest("spend() has the share be of 1 MiB", async () => {
  const turn = new PipeTurn();
  assert.equal(turn.spend(1024 * 1024), undefined);
  await turn.spend(1);
});
