import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStage, type VerifyStage } from './stage.ts';

/** `STOREPULSE_VERIFY_EVENTS` asks for more than what is quick. */
const EVENTS = Number(process.env.STOREPULSE_VERIFY_EVENTS ?? 20_000);

let stage: VerifyStage;
before(async () => {
  stage = await startStage();
});
after(() => stage.stop());

test('after a history with malformed and poisonous events, everything that is shown is what must be', async () => {
  await stage.makeHistory({ events: EVENTS, faults: { malformed: 0.05, poison: 0.05 } });
  const { status, sound, surfaces, fates } = await stage.verify();
  assert.deepEqual([status, sound], [0, true]);
  for (const [name, { cells, different }] of Object.entries(surfaces)) {
    assert.ok(cells > 1_000, `${name}: ${cells} cells`);
    assert.equal(different, 0, name);
  }
  const dead = fates!.filter(({ fate }) => fate.startsWith('dead-letter'));
  assert.ok(dead.length >= 6, JSON.stringify(fates));
  assert.ok(dead.reduce((sum, { shown }) => sum + shown, 0) > EVENTS * 0.05);
});
