import assert from "node:assert/strict";
import { ChatError } from "../../../lib/errors.ts";
import { fill, worded } from "../../../lib/messages/wording.ts";
import {
  findObstacle,
  type Moment,
  type ObstacleParts,
  wordFileFailure,
} from "../../../lib/client/rotation/obstacle.ts";
import { idOf } from "../../../lib/client/rotation/opener.ts";
import type { Followed } from "../../../lib/client/rotation/succession.ts";
import { pureTest } from "../../support/pure.ts";

const NAME = { number: 1, mark: new Uint8Array(32).fill(1) };
const OTHER = { number: 2, mark: new Uint8Array(32).fill(2) };

function followed(name: typeof NAME): Followed {
  return { ...idOf(name), to: undefined, author: undefined, newcomers: new Set() };
}

function find(parts: Partial<ObstacleParts> = {}, moment: Partial<Moment> = {}) {
  const obstacle = findObstacle({
    keys: { unannounced: undefined, current: NAME },
    succession: { current: followed(NAME), exclusion: undefined },
    author: { isPlain: false },
    isKept: true,
    hasTime: () => true,
    ...parts,
  }, { isConnected: true, isRotating: false, isCatchingUp: false, ...moment });
  return obstacle && fill(obstacle);
}

pureTest("findObstacle() finds none where a member has the newest key and a connection", () => {
  assert.equal(find(), undefined);
});

pureTest("findObstacle() tells each of those that there are", () => {
  assert.equal(find({ author: { isPlain: true } }), "not with --plain");
  assert.equal(find({ isKept: false }), "this client keeps no files");
  assert.equal(find({}, { isConnected: false }), "there is no connection");
  const clocks = "your clock and the server's are more than an hour apart";
  assert.equal(find({ hasTime: () => false }), clocks);
  const telling = "a new key is being told to the others";
  assert.equal(find({}, { isRotating: true }), telling);
  const unannounced = { ...NAME, day: 1, chain: new Uint8Array(32), isUnannounced: true };
  assert.equal(find({ keys: { unannounced, current: NAME } }), telling);
  const behind = "you do not have the room's newest key";
  assert.equal(find({}, { isCatchingUp: true }), behind);
  const current = followed(OTHER);
  assert.equal(find({ succession: { current, exclusion: undefined } }), behind);
  const exclusion = { ...idOf(OTHER), author: "bob" };
  assert.equal(find({ succession: { current: followed(NAME), exclusion } }), behind);
});

pureTest("wordFileFailure() says why", () => {
  const failure = new ChatError(worded("it is not a file"));
  assert.equal(
    fill(wordFileFailure(failure)),
    "the key file cannot be written: it is not a file",
  );
});
