import assert from "node:assert/strict";
import { formatAnswer, parseRequest } from "../../../lib/relay/watch/http_message.ts";
import { pureTest } from "../../support/pure.ts";

const HOST = "Host: localhost:9464";

pureTest("parseRequest() reads the method, the path and the host", () => {
  const cases: [lines: string[], method: string, path: string, host: string | undefined][] = [
    [["GET /healthz HTTP/1.1", HOST], "GET", "/healthz", "localhost"],
    [["GET /metrics?a=b?c HTTP/1.1", "host:LocalHost"], "GET", "/metrics", "localhost"],
    [["HEAD / HTTP/1.1", "X:", "Accept: a,  b", "hOsT: \t[::1]:1 \t"], "HEAD", "/", "[::1]"],
    [["GET /healthz HTTP/1.0"], "GET", "/healthz", undefined],
    [["GET /healthz HTTP/1.0", HOST], "GET", "/healthz", "localhost"],
    [["GET http://a.example:80/x?y HTTP/1.1", HOST], "GET", "/x", "a.example"],
    [["M-SEARCH /x HTTP/1.9", HOST], "M-SEARCH", "/x", "localhost"],
    [["GET / HTTP/1.1", "Host: localhost:"], "GET", "/", "localhost"],
  ];
  for (const [lines, method, path, host] of cases) {
    assert.deepEqual(parseRequest(lines), { method, path, host }, lines.join("|"));
  }
});

pureTest("parseRequest() refuses what is no request, or has no one host", () => {
  const cases = [
    [],
    ["GET /healthz HTTP/1.1"],
    ["GET /healthz HTTP/1.1", HOST, HOST],
    ["GET /healthz HTTP/1.1", "Host: a b"],
    ["GET /healthz HTTP/1.1", "Host:"],
    ["GET /healthz HTTP/1.1", "Host: a@b"],
    ["GET /healthz HTTP/1.1", "Host: a:80:80"],
    ["GET /healthz HTTP/1.1", "Host : localhost"],
    ["GET /healthz HTTP/1.1", HOST, " folded"],
    ["GET /healthz HTTP/1.1", HOST, "X: a\0b"],
    ["GET  /healthz HTTP/1.1", HOST],
    ["GET /healthz HTTP/2.0", HOST],
    ["GET /healthz", HOST],
    ["GET healthz HTTP/1.1", HOST],
    ["GET http:///healthz HTTP/1.1", HOST],
    ["GET http://a@b/healthz HTTP/1.1", HOST],
    ["OPTIONS * HTTP/1.1", HOST],
    ["CONNECT localhost:1 HTTP/1.1", HOST],
    ["\x16\x03\x01\x02", HOST],
  ];
  for (const lines of cases) assert.equal(parseRequest(lines), undefined, lines.join("|"));
});

pureTest("formatAnswer() writes the length in bytes, and no body to HEAD", () => {
  const answer = { status: 405, body: "é\n", headers: { allow: "GET" } } as const;
  const head = "HTTP/1.1 405 Method Not Allowed\r\ncontent-type: text/plain; charset=utf-8\r\n" +
    "allow: GET\r\ncontent-length: 3\r\nconnection: close\r\n\r\n";
  assert.equal(new TextDecoder().decode(formatAnswer(answer, false)), `${head}é\n`);
  assert.equal(new TextDecoder().decode(formatAnswer(answer, true)), head);
});
