import assert from "node:assert/strict";
import { History } from "../../../lib/terminal/editor/history.ts";
import { MAX_SEARCH_CHARS, Search } from "../../../lib/terminal/editor/search.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("narrow() stays with what was found while it still matches", () => {
  const search = new Search(new History(["ab", "abc", "a"]));
  search.narrow("a");
  assert.equal(search.found?.text, "a");
  search.narrow("b");
  assert.equal(search.found?.text, "abc");
  search.goOlder();
  assert.equal(search.found?.text, "ab");
  assert.equal(search.narrow("x"), false);
  assert.equal(search.hasFailed, true);
  assert.equal(search.found?.text, "ab");
});

pureTest("narrow() takes a query of the greatest length, and no longer one", () => {
  const search = new Search(new History(["a".repeat(MAX_SEARCH_CHARS)]));
  assert.equal(search.narrow("a".repeat(MAX_SEARCH_CHARS)), true);
  assert.equal(search.narrow("a"), false);
  assert.equal(search.query.length, MAX_SEARCH_CHARS);
});

pureTest("goOlder() passes over the same text", () => {
  const search = new Search(new History(["old a", "a", "b", "a"]));
  assert.equal(search.goOlder(), false);
  search.narrow("a");
  assert.equal(search.goOlder(), true);
  assert.equal(search.found?.text, "old a");
  assert.equal(search.goOlder(), false);
});

pureTest("widen() begins at the newest again, and takes whole clusters", () => {
  const search = new Search(new History(["x👍🏽", "x"]));
  search.narrow("x👍🏽");
  assert.equal(search.found?.text, "x👍🏽");
  assert.equal(search.widen(), true);
  assert.equal(search.query, "x");
  assert.equal(search.found?.text, "x");
  assert.equal(search.widen(), true);
  assert.equal(search.found, undefined);
  assert.equal(search.widen(), false);
});
