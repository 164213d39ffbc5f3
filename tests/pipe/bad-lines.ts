import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { assertUnchanged, snapshot } from '../support/figures/snapshot.ts';
import { expectedOf } from '../support/retail/expected.ts';
import { isoFile, isoLine } from '../support/retail/files.ts';
import { retailRows } from '../support/retail/rows.ts';
import { SHOPS, type Stage } from './stage.ts';

/** Lines that are no rows are reported, and cost nothing but themselves. */
export async function rejectsBadLines(t: TestContext, { pipeline, sources, tell }: Stage): Promise<void> {
  const rows = retailRows(20);
  const row = isoLine(rows[0]!);
  const bad = ['\u0000\u0007 what is this?', row.slice(0, 20), row.replace('2010-12-01', '2010-02-30')];
  const before = await snapshot(pipeline, sources, SHOPS);
  await t.test('garbage, a truncated row and a bad date are each reported with their line', async () => {
    const run = await tell('torn', isoFile(rows, bad));
    assert.equal(run.status, 2, run.stderr);
    const reported = [...run.stdout.matchAll(/^ +line (\d+): (.+)$/gm)];
    assert.deepEqual(
      reported.map(([, line]) => Number(line)),
      bad.map((_, i) => rows.length + 2 + i),
      run.stdout,
    );
    assert.match(reported[2]![2]!, /InvoiceDate "2010-02-30 [\d:]+" is not a date/);
  });
  for (const source of sources) {
    await t.test(`${source.name} has the figures of all other rows of that file`, async () => {
      assert.deepEqual(await source.lifetime('torn'), expectedOf(rows).lifetime);
    });
  }
  await t.test('the other shops are not disturbed by it', async () => {
    assertUnchanged(await snapshot(pipeline, sources, SHOPS), before);
  });
}
