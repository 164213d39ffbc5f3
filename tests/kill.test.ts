import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setUp } from './pipe/stage.ts';
import { consumedRecords, untilDrained } from './support/pipeline/drained.ts';
import { replay } from './support/pipeline/programs.ts';
import { firstResultAfter, RECOVERY_MS } from './support/pipeline/recovery.ts';
import { terminate } from './support/pipeline/terminate.ts';
import { expectedOf } from './support/retail/expected.ts';
import { isoFile } from './support/retail/files.ts';
import { retailRows } from './support/retail/rows.ts';
import { startTestServers } from './support/servers.ts';
import { until } from './support/until.ts';

const SHOP = 'killed';
/** 373 days of history in some 25 seconds: the interruptions below meet a replay under way. */
const SPEED = '1250000';
/** Records that the processor has counted when it is interrupted, as shares of all. */
const KILLED_AT = [0.2, 0.4, 0.6];
const STOPPED_AT = 0.8;
const STOP_MS = 10_000;

test('a processor that is interrupted in mid-replay', async (t) => {
  await using servers = await startTestServers();
  const { pipeline, processor, topic, sources } = await setUp(servers, 'kill');
  const rows = retailRows(2_000);
  const expected = expectedOf(rows);
  const file = join(servers.folder, 'kill.csv');
  await writeFile(file, isoFile(rows));

  const replayed = replay(pipeline, { file, shop: SHOP, speed: SPEED });
  const untilCounted = (share: number) =>
    until(
      `${share * 100} % of the events are counted`,
      () => consumedRecords(pipeline),
      (records) => records >= share * expected.facts,
    );
  for (const share of KILLED_AT) {
    await untilCounted(share);
    await t.test(`killed at ${share * 100} %, it has a new result within 15 s of its restart`, async (t) => {
      await processor.service.kill();
      const elapsed = await firstResultAfter(pipeline, () => processor.service.start());
      t.diagnostic(`first new result after ${(elapsed / 1_000).toFixed(1)} s`);
      assert.ok(elapsed <= RECOVERY_MS, `${elapsed} ms`);
    });
  }
  await untilCounted(STOPPED_AT);
  await t.test('told to stop, it ends in good order within 10 s', async (t) => {
    const began = Date.now();
    const exit = await terminate(processor.service);
    const elapsed = Date.now() - began;
    t.diagnostic(`stopped after ${(elapsed / 1_000).toFixed(1)} s`);
    assert.deepEqual(exit, { code: 0, signal: null });
    assert.ok(elapsed < STOP_MS, `${elapsed} ms`);
  });
  await processor.service.start();

  const { status, stderr } = await replayed;
  assert.equal(status, 0, stderr);
  await untilDrained(pipeline);
  await topic.untilLevel();
  for (const source of sources) {
    await t.test(`it has lost nothing and counted nothing twice: ${source.name}`, async () => {
      assert.deepEqual(await source.lifetime(SHOP), expected.lifetime);
      assert.deepEqual(await source.byCountry(SHOP), expected.byCountry);
      if (source.byMonth) assert.deepEqual(await source.byMonth(SHOP), expected.byMonth);
    });
  }
});
