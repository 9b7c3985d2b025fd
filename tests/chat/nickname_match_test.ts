import assert from "node:assert/strict";
import { matchNicknames, MAX_OPENING_SIGNS } from "../../lib/chat/nickname_match.ts";
import { pureTest } from "../support/pure.ts";

pureTest("matchNicknames() takes what was typed before what looks like it", () => {
  assert.deepEqual(matchNicknames("el", ["Élise", "ella"]), {
    opening: "",
    names: ["ella", "Élise"],
  });
  assert.deepEqual(matchNicknames("él", ["ella", "Élise"]).names, ["Élise", "ella"]);
  assert.deepEqual(matchNicknames("zo", ["ella"]), { opening: "", names: [] });
});

pureTest("matchNicknames() leaves signs in front aside, unless a name has them", () => {
  assert.deepEqual(matchNicknames("@bo", ["bob"]), { opening: "@", names: ["bob"] });
  assert.deepEqual(matchNicknames("[ki", ["kim", "[kit]"]), { opening: "", names: ["[kit]"] });
  const most = "(".repeat(MAX_OPENING_SIGNS);
  assert.deepEqual(matchNicknames(`${most}bo`, ["bob"]), { opening: most, names: ["bob"] });
  assert.deepEqual(matchNicknames(`/bo`, ["bob"]).opening, "");
});
