import assert from "node:assert/strict";
import { scryptSync } from "node:crypto";
import {
  MAX_PASSPHRASE_BYTES,
  MAX_SCRYPT_COST,
  MIN_SCRYPT_COST,
  openText,
  parseSealed,
  SCRYPT_COST,
  type SealedFault,
  sealText,
} from "../../lib/crypto/sealed_text.ts";
import { pureTest } from "../support/pure.ts";

const TEXT = "identity1.one.two\n";
/** `hello` under `correct horse`, with a cost of 10, a salt of 16 bytes 0x01 and a nonce of 12 bytes 0x02. */
const [HEAD, CHEAP] = await makeCheap();

/** Made by the description of the format alone. */
async function makeCheap(): Promise<[head: string, line: string]> {
  const salt = new Uint8Array(16).fill(1);
  const iv = new Uint8Array(12).fill(2);
  const head = `sealed1.10.${salt.toBase64({ alphabet: "base64url", omitPadding: true })}`;
  const raw = new Uint8Array(scryptSync("correct horse", salt, 32, { N: 1024, r: 8, p: 1 }));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  const additionalData = new TextEncoder().encode(head);
  const box = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData },
    key,
    new TextEncoder().encode("hello"),
  );
  const bytes = new Uint8Array([...iv, ...new Uint8Array(box)]);
  return [head, `${head}.${bytes.toBase64({ alphabet: "base64url", omitPadding: true })}`];
}

async function open(line: string, passphrase: string): Promise<string | undefined> {
  const sealed = parseSealed(line);
  assert.ok(typeof sealed === "object", line);
  return await openText(sealed, passphrase);
}

pureTest("openText() opens what sealText() sealed, and what the format says", async () => {
  const line = await sealText(TEXT, "correct horse");
  assert.match(line, RegExp(`^sealed1\\.${SCRYPT_COST}\\.[\\w-]{22}\\.[\\w-]+$`));
  assert.ok(!line.includes("one"));
  assert.equal(await open(line, "correct horse"), TEXT);
  assert.notEqual(await sealText(TEXT, "correct horse"), line);
  assert.equal(await open(CHEAP, "correct horse"), "hello");
});

pureTest("openText() refuses another passphrase, and a change of any character", async () => {
  for (const other of ["correct hors", "Correct horse", "correct horse ", "x"]) {
    assert.equal(await open(CHEAP, other), undefined);
  }
  for (let i = 0; i < CHEAP.length; i++) {
    const char = CHEAP[i] === "A" ? "B" : "A";
    const changed = parseSealed(CHEAP.slice(0, i) + char + CHEAP.slice(i + 1));
    if (typeof changed === "object") {
      assert.equal(await openText(changed, "correct horse"), undefined, `${i}`);
    }
    const cut = parseSealed(CHEAP.slice(0, i));
    if (typeof cut === "object") {
      assert.equal(await openText(cut, "correct horse"), undefined, `${i}`);
    }
  }
});

pureTest("a passphrase is the same however its characters are composed", async () => {
  const line = await sealText(TEXT, "Zoe\u0308");
  assert.equal(await open(line, "Zo\u00eb"), TEXT);
});

pureTest("parseSealed() takes a cost from MIN_SCRYPT_COST to MAX_SCRYPT_COST", () => {
  const withCost = (cost: string) => {
    const sealed = parseSealed(CHEAP.replace("sealed1.10.", `sealed1.${cost}.`));
    return typeof sealed === "object" ? sealed.cost : sealed;
  };
  for (const cost of [MIN_SCRYPT_COST, SCRYPT_COST, MAX_SCRYPT_COST]) {
    assert.equal(withCost(`${cost}`), cost);
  }
  const bounds = [`${MIN_SCRYPT_COST - 1}`, `${MAX_SCRYPT_COST + 1}`];
  for (const cost of [...bounds, "1", "99", "100", "0", "-1", "", "1e1", "010", "1٠", " 10"]) {
    assert.equal(withCost(cost), "cost", cost);
  }
});

pureTest("parseSealed() says what is wrong with a line", () => {
  const rest = CHEAP.slice(HEAD.length + 1);
  const faults: [line: string, fault: SealedFault][] = [
    ["", "form"],
    ["identity1.a.b", "form"],
    [` ${CHEAP}`, "form"],
    [`${CHEAP}.`, "form"],
    ["sealed2", "version"],
    [CHEAP.replace("sealed1", "sealed2"), "version"],
    ["sealed1", "cut"],
    ["sealed1.10", "cut"],
    [HEAD, "cut"],
    [`${HEAD.slice(0, -1)}`, "salt"],
    [`${HEAD}A.${rest}`, "salt"],
    [`${HEAD.slice(0, -1)}=.${rest}`, "salt"],
    [`${HEAD}.`, "box"],
    [`${HEAD}.${"A".repeat(36)}`, "box"],
    [`${HEAD}.${rest.slice(0, 5)}`, "box"],
    [`${CHEAP}=`, "box"],
    [`${CHEAP}\n`, "box"],
  ];
  for (const [line, fault] of faults) assert.equal(parseSealed(line), fault, JSON.stringify(line));
  // A nonce and a tag: the text is empty.
  assert.equal(typeof parseSealed(`${HEAD}.${"A".repeat(38)}`), "object");
});

pureTest("a passphrase has 1 to MAX_PASSPHRASE_BYTES", async () => {
  const sealed = parseSealed(CHEAP);
  assert.ok(typeof sealed === "object");
  assert.equal(await openText(sealed, "é".repeat(MAX_PASSPHRASE_BYTES / 2)), undefined);
  for (const passphrase of ["", "x".repeat(MAX_PASSPHRASE_BYTES + 1)]) {
    const message = `Cannot use passphrase: ${passphrase.length} bytes`;
    await assert.rejects(openText(sealed, passphrase), { name: "RangeError", message });
    await assert.rejects(sealText("x", passphrase), { name: "RangeError", message });
  }
});
