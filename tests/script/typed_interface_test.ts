import assert from "node:assert/strict";
import { MAX_WAITING_EVENTS, TypedInterface } from "../../lib/script/typed_interface.ts";
import { pureTest } from "../support/pure.ts";

pureTest("TypedInterface.happen() waits for the program once 500 events wait for it", async () => {
  assert.equal(MAX_WAITING_EVENTS, 500);
  const typed = new TypedInterface(() => 0);
  const happen = () => typed.happen({ kind: "live", isAgain: false }, undefined);
  for (let i = 0; i < MAX_WAITING_EVENTS; i++) await happen();
  let hasRoom = false;
  const waiting = happen().then(() => hasRoom = true);
  for (let i = 0; i < 10; i++) await undefined;
  assert.equal(hasRoom, false);
  const events = typed.events();
  const { value } = await events.next();
  assert.equal(value?.length, MAX_WAITING_EVENTS + 1);
  const next = events.next();
  await waiting;
  typed.close();
  assert.equal((await next).done, true);
});

pureTest("TypedInterface.inputs() waits before the first input is carried out", async () => {
  const ready = Promise.withResolvers<void>();
  const typed = new TypedInterface(() => 0, () => ready.promise);
  const said = typed.carryOut({ type: "message", text: "a" });
  typed.finish();
  let count = 0;
  const reading = (async () => {
    for await (const inputs of typed.inputs()) count += inputs.length;
  })();
  for (let i = 0; i < 20; i++) await undefined;
  assert.equal(count, 0);
  ready.resolve();
  await Promise.all([said, reading]);
  assert.equal(count, 1);
});
