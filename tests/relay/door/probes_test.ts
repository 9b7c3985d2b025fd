import assert from "node:assert/strict";
import {
  HTTP_ANSWER,
  isHttpRequest,
  MAX_REQUEST_LINE_BYTES,
  recognizeProbe,
} from "../../../lib/relay/door/probes.ts";
import { pureTest } from "../../support/pure.ts";

const encoder = new TextEncoder();

pureTest("isHttpRequest() knows the first lines of HTTP, and nothing else", () => {
  const lines = ["GET / HTTP/1.1", "HEAD /healthz HTTP/1.0", "OPTIONS * HTTP/1.1"];
  lines.push("PRI * HTTP/2.0", "GET http://a.example/x?y=1 HTTP/2", "POST /%20 HTTP/1.1");
  for (const line of lines) assert.equal(isHttpRequest(encoder.encode(line)), true, line);
  const others = ["", "GET", "GET /", "GET  / HTTP/1.1", "get / HTTP/1.1", "GET / HTTP/1.1 "];
  others.push("GET / HTTP/11.1", "GET / http/1.1", "hello GET / HTTP/1.1", "GET /\0 HTTP/1.1");
  others.push("GET / HTTP/1.1\nx", "Host: localhost", "GET /é HTTP/1.1");
  for (const line of others) assert.equal(isHttpRequest(encoder.encode(line)), false, line);
});

pureTest("isHttpRequest() looks at no line of more than 8 KiB", () => {
  const line = (bytes: number) => encoder.encode("GET /".padEnd(bytes - 9, "a") + " HTTP/1.1");
  assert.equal(isHttpRequest(line(MAX_REQUEST_LINE_BYTES)), true);
  assert.equal(isHttpRequest(line(MAX_REQUEST_LINE_BYTES + 1)), false);
});

pureTest("HTTP_ANSWER is a whole answer without a body", () => {
  assert.equal(
    new TextDecoder().decode(HTTP_ANSWER),
    "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 0\r\n" +
      "connection: close\r\n\r\n",
  );
});

pureTest("recognizeProbe() finds who left by itself, and neither spoke nor stayed", () => {
  const silent = { isCounted: false, hasSpoken: false };
  assert.equal(recognizeProbe(silent, "end"), "probe");
  assert.equal(recognizeProbe(silent, "reset"), "probe");
  for (const reason of ["stopped", "full", "auth", "http"] as const) {
    assert.equal(recognizeProbe(silent, reason), reason);
  }
  assert.equal(recognizeProbe({ isCounted: true, hasSpoken: false }, "end"), "end");
  assert.equal(recognizeProbe({ isCounted: false, hasSpoken: true }, "reset"), "reset");
});
