import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { assertUnchanged, snapshot } from '../support/figures/snapshot.ts';
import { fatesOf } from '../support/pipeline/fates.ts';
import { expectedOf } from '../support/retail/expected.ts';
import { isoFile } from '../support/retail/files.ts';
import type { RetailRow } from '../support/retail/rows.ts';
import { SHOPS, type Stage } from './stage.ts';

/** Telling the same facts again is harmless. */
export async function replaysAgain(
  t: TestContext,
  { pipeline, sources, tell }: Stage,
  rows: readonly RetailRow[],
): Promise<void> {
  await t.test('replaying the same file again changes nothing', async () => {
    const [before, fatesBefore] = [await snapshot(pipeline, sources, SHOPS), await fatesOf(pipeline)];
    const run = await tell('iso', isoFile(rows));
    assert.equal(run.status, 0, run.stderr);
    assertUnchanged(await snapshot(pipeline, sources, SHOPS), before);
    const duplicates = ((await fatesOf(pipeline)).duplicate ?? 0) - (fatesBefore.duplicate ?? 0);
    assert.ok(duplicates >= expectedOf(rows).facts, `${duplicates} duplicates`);
  });
}
