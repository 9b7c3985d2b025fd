import assert from "node:assert/strict";
import { formatHostPort } from "../../lib/text/host_port.ts";
import { pureTest } from "../support/pure.ts";

pureTest("formatHostPort() puts IPv6 alone in brackets", () => {
  assert.equal(formatHostPort("127.0.0.1", 5050), "127.0.0.1:5050");
  assert.equal(formatHostPort("chat.example", 1), "chat.example:1");
  assert.equal(formatHostPort("::1", 65_535), "[::1]:65535");
  assert.equal(formatHostPort("fe80::1%eth0", 0), "[fe80::1%eth0]:0");
});
