import assert from "node:assert/strict";
import {
  decrypt,
  type DecryptOptions,
  encrypt,
  importKey,
  InvalidTokenError,
} from "../lib/fernet.ts";
import { cipherOf, forge, fromText, NOW, padded, SECRET, toText } from "./support/forged_tokens.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const pure = { permissions: "none" } as const;
const key = await importKey(SECRET);
/** 1, 2 and 3 blocks: their tokens end in `==`, `=` and no padding. */
const tokens = await Promise.all(
  [5, 20, 40].map((length) => encrypt(key, new Uint8Array(length), { now: NOW })),
);
const [token] = tokens as [string];

/** Invalid tokens tell nothing apart: same class, message and properties, no cause. */
async function assertInvalid(bad: string, options?: DecryptOptions): Promise<void> {
  const outcome = await decrypt(key, bad, options).catch((error: unknown) => error);
  if (!(outcome instanceof InvalidTokenError)) {
    assert.fail(`${bad} gave ${Deno.inspect(outcome)}`);
  }
  assert.equal(outcome.message, "Cannot decrypt: invalid token");
  assert.deepEqual(Reflect.ownKeys(outcome), Reflect.ownKeys(new InvalidTokenError()));
}

async function assertValid(good: string, options?: DecryptOptions): Promise<void> {
  await assert.doesNotReject(decrypt(key, good, options), good);
}

Deno.test("decrypt() rejects the invalid tokens of the Fernet spec", pure, async () => {
  const start = "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPA";
  const vectors: Record<string, string> = {
    "incorrect mac": `${start}l1-szkFVzXTuGb4hR8AKtwcaX1YdykQUFBQUFBQUFBQQ==`,
    "too short": `${start}==`,
    "invalid base64": "%%%%%%%%%%%%%AECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8" +
      "AKtwcaX1YdykRtfsH-p1YsUD2Q==",
    "payload size not multiple of block size":
      `${start}Om73QeoCk9uGib28Xe5vz6oxq5nmxbx_v7mrfyudzUm`,
    "payload padding error":
      "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0ODz4LEpdELGQAad7aNEHbf-JkLPIpuiYRLQ3RtXat" +
      "OYREu2FWke6CnJNYIbkuKNqOhw==",
    "far-future TS":
      "gAAAAAAdwStRAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAnja1xKYyhd-Y6mSkTOyTGJ" +
      "mw2Xc2a6kBd-iX9b_qXQcw==",
    "expired TTL": `${start}l1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==`,
    "incorrect IV": "gAAAAAAdwJ6xBQECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAkLhFLHpGtDBRLRTZeUfWgH" +
      "Sv49TF2AUEZ1TIvcZjK1zQ==",
  };
  for (const [name, vector] of Object.entries(vectors)) {
    const now = name === "expired TTL" ? NOW + 90 : NOW;
    await assertInvalid(vector, { now, ttlSeconds: 60 });
  }
  await assertValid(vectors["expired TTL"]!, { now: NOW, ttlSeconds: 60 });
  await assertValid(vectors["far-future TS"]!, { now: NOW });
});

Deno.test("decrypt() rejects a token in which any bit is flipped", pure, async () => {
  for (const each of tokens) {
    const bytes = fromText(each);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      await assertInvalid(toText(flipped));
    }
  }
});

Deno.test("decrypt() rejects a token cut at any place", pure, async () => {
  for (const each of tokens) {
    const bytes = fromText(each);
    for (let cut = 0; cut < each.length; cut++) {
      await assertInvalid(each.slice(0, cut));
      if (cut > 0) await assertInvalid(each.slice(cut));
    }
    for (let cut = 0; cut < bytes.length; cut++) {
      await assertInvalid(toText(bytes.slice(0, cut)));
      if (cut > 0) await assertInvalid(toText(bytes.slice(cut)));
    }
    await assertInvalid(toText(Uint8Array.of(...bytes, 0)));
    await assertInvalid(toText(Uint8Array.of(...bytes, ...new Uint8Array(16))));
    await assertInvalid(each + each);
  }
});

Deno.test("decrypt() rejects another key's token", pure, async () => {
  const other = await importKey(SECRET.replace("c", "d"));
  await assertInvalid(await encrypt(other, new Uint8Array(5)));
});

Deno.test("decrypt() rejects every other version under a good MAC", pure, async () => {
  for (let version = 0; version < 256; version++) {
    await (version === 0x80 ? assertValid : assertInvalid)(forge({ version }));
  }
});

Deno.test(
  "decrypt() rejects ciphertext of no or of broken blocks under a good MAC",
  pure,
  async () => {
    const blocks = cipherOf(padded(16));
    for (let length = 0; length < blocks.length; length++) {
      // One whole block has, but for one chance in 256, bad padding.
      if (length !== 16) await assertInvalid(forge({ ciphertext: blocks.subarray(0, length) }));
    }
    await assertValid(forge({ ciphertext: blocks }));
    for (let extra = 1; extra < 16; extra++) {
      await assertInvalid(
        forge({ ciphertext: Uint8Array.of(...blocks, ...blocks.slice(0, extra)) }),
      );
    }
    await assertInvalid(forge({ iv: new Uint8Array(0), ciphertext: new Uint8Array(0) }));
    await assertInvalid(forge({ iv: new Uint8Array(15), ciphertext: blocks }));
  },
);

Deno.test("decrypt() rejects bad padding under a good MAC", pure, async () => {
  for (let length = 1; length <= 16; length++) {
    await assertValid(forge({ ciphertext: cipherOf(padded(length)) }));
    for (let at = 32 - length; at < 31; at++) {
      const bad = padded(length);
      bad[at]! ^= 1;
      await assertInvalid(forge({ ciphertext: cipherOf(bad) }));
    }
  }
  for (let last = 0; last < 256; last++) {
    if (last === 1) continue;
    const bad = new Uint8Array(32).fill(last, 31);
    await assertInvalid(forge({ ciphertext: cipherOf(bad) }));
    if (last > 16 || last === 0) {
      await assertInvalid(forge({ ciphertext: cipherOf(bad.fill(last)) }));
    }
  }
});

Deno.test("decrypt() rejects whitespace and junk, added or instead", pure, async () => {
  for (const each of tokens) {
    for (const junk of [..." \t\n\r\f\v\0%=+/.,~é\u00a0\u2028\ufeff\uff0d", "\r\n", "===="]) {
      for (let at = 0; at <= each.length; at++) {
        const [before, after] = [each.slice(0, at), each.slice(at)];
        await assertInvalid(before + junk + after);
        const replaced = before + junk + after.slice(junk.length);
        if (replaced !== each && at < each.length) await assertInvalid(replaced);
      }
    }
    await assertInvalid(`b'${each}'`);
    await assertInvalid(`${each.slice(0, 4)}    ${each.slice(4)}`);
  }
});

Deno.test("decrypt() rejects the alphabet of standard base64", pure, async () => {
  let seen = "";
  for (let time = NOW; !seen.includes("-") || !seen.includes("_"); time++) {
    const good = forge({ time });
    await assertValid(good);
    for (const [from, to] of [["-", "+"], ["_", "/"]] as const) {
      if (!good.includes(from)) continue;
      seen += from;
      await assertInvalid(good.replace(from, to));
      await assertInvalid(good.replaceAll(from, to));
    }
  }
});

Deno.test("decrypt() accepts one spelling of the last character", pure, async () => {
  for (const each of tokens) {
    const last = each.indexOf("=") < 0 ? each.length - 1 : each.indexOf("=") - 1;
    for (const character of ALPHABET) {
      const spelled = each.slice(0, last) + character + each.slice(last + 1);
      await (spelled === each ? assertValid : assertInvalid)(spelled);
    }
  }
});

Deno.test("decrypt() rejects padding that is missing, too short or too long", pure, async () => {
  for (const each of tokens) {
    const bare = each.replaceAll("=", "");
    for (const padding of ["", "=", "==", "===", "===="]) {
      await (bare + padding === each ? assertValid : assertInvalid)(bare + padding);
    }
  }
});

Deno.test("decrypt() accepts an age of the TTL and no more", pure, async () => {
  for (const ttlSeconds of [0, 1, 60, 3600]) {
    await assertValid(token, { ttlSeconds, now: NOW });
    await assertValid(token, { ttlSeconds, now: NOW + ttlSeconds });
    await assertInvalid(token, { ttlSeconds, now: NOW + ttlSeconds + 1 });
    await assertInvalid(token, { ttlSeconds, now: NOW + ttlSeconds + 0.5 });
    await assertInvalid(token, { ttlSeconds });
  }
  await assertValid(token, { ttlSeconds: Infinity });
});

Deno.test("decrypt() accepts 60 s of clock skew, or as told, and no more", pure, async () => {
  await assertValid(token, { ttlSeconds: 0, now: NOW - 60 });
  await assertInvalid(token, { ttlSeconds: 0, now: NOW - 61 });
  for (const maxClockSkewSeconds of [0, 1, 300]) {
    const options = { ttlSeconds: 60, maxClockSkewSeconds };
    await assertValid(token, { ...options, now: NOW - maxClockSkewSeconds });
    await assertInvalid(token, { ...options, now: NOW - maxClockSkewSeconds - 1 });
  }
});

Deno.test("decrypt() looks at the time only when given a TTL", pure, async () => {
  for (const time of [0, NOW, 2 ** 53, 2n ** 63n, 2n ** 64n - 1n]) {
    const { issuedAt } = await decrypt(key, forge({ time }), { maxClockSkewSeconds: 0 });
    assert.equal(issuedAt, Number(time));
    const now = Date.now() / 1000;
    for (const ttlSeconds of [0, 60]) await assertInvalid(forge({ time }), { ttlSeconds, now });
  }
});

Deno.test("decrypt() rejects what is not a string", pure, async () => {
  const bytes = new TextEncoder().encode(token);
  for (const value of [undefined, null, 5, true, {}, [token], bytes, Object(token)]) {
    await assertInvalid(value as string);
  }
  await assertInvalid("");
});
