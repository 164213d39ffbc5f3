import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openDuck, quoted } from '@storepulse/lake';
import { assertAtRandomSeams, openSeam, RANGE, type Seam } from './seam-of.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seam-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('wherever the lake ends, lake and log together answer what brute force over the whole log does', async () => {
  const seam = await openSeam(folder, { size: 600 });
  try {
    const compared = await assertAtRandomSeams(seam, { seams: 2, queries: 20, seed: 3 });
    assert.ok(compared > 30, `${compared} numbers`);
    assert.deepEqual(seam.failures, []);
  } finally {
    await seam.close();
  }
});

test('a tail that is full says so, its answer ends there, and goes on when the lake does', async () => {
  const seam = await openSeam(folder, { maxBytes: 20_000 });
  const query = { metric: 'product_views', groupBy: ['country', 'device'], format: 'table' };
  try {
    showAll(seam);
    await seam.bringUp('full');
    const [full] = await seam.ask([query], RANGE);
    assert.equal(full!.meta.lake!.tail!.state, 'full');
    for (const [id, own] of seam.log.logs) await seam.archive(id, own.length);
    await seam.bringUp();
    const [all] = await seam.ask([query], RANGE);
    assert.equal(all!.meta.lake!.tail!.state, 'current');
    assert.ok(all!.meta.documents > full!.meta.documents);
    await seam.assertAllShown(5, 2);
  } finally {
    await seam.close();
  }
});

test('a log that does not go on where it was read is read anew from where the lake ends', async () => {
  const seam = await openSeam(folder);
  try {
    showAll(seam, 0.5);
    await seam.bringUp();
    await seam.assertAllShown(1, 1);
    seam.log.lose('transactions/0');
    assert.match(seam.failures[0]!.message, /transactions\/0/);
    await seam.depth.refresh();
    assert.equal(seam.depth.state()!.tail!.state, 'failed');
    seam.later(5_000);
    showAll(seam);
    await seam.bringUp();
    await seam.assertAllShown(2, 1);
  } finally {
    await seam.close();
  }
});

test('what names a customer who is erased is gone from what is kept of the log, and of no other', async () => {
  const seam = await openSeam(folder);
  const duck = await openDuck();
  const named = async () => {
    const { files } = await seam.tail.content(seam.log.tasks(), duck);
    const orders = files.filter(({ type }) => type === 'order_placed').map(({ _id }) => quoted(_id));
    const rows = await duck.rows(
      `SELECT customer_id AS id, count(*) AS n FROM read_parquet([${orders}]) GROUP BY ALL ORDER BY ALL`,
    );
    return new Map(rows.map(({ id, n }) => [id as string | null, Number(n)]));
  };
  try {
    showAll(seam);
    await seam.bringUp();
    const before = await named();
    const [gone, ...others] = [...before.keys()].filter((id) => id !== null);
    assert.ok(others.length > 0);
    seam.log.erase(`first|${gone}`);
    await seam.bringUp();
    const after = await named();
    assert.equal(after.get(gone!), undefined);
    assert.equal(after.get(null), (before.get(null) ?? 0) + before.get(gone!)!);
    for (const id of others) assert.equal(after.get(id), before.get(id), String(id));
  } finally {
    duck.close();
    await seam.close();
  }
});

test('nobody asks for some minutes: nothing of the log is read or kept; the next question begins anew', async () => {
  const seam = await openSeam(folder);
  try {
    assert.equal(seam.depth.state()!.tail!.state, 'off', 'nobody has asked yet');
    showAll(seam);
    await seam.bringUp();
    assert.notDeepEqual(await readdir(seam.tailFolder), []);
    seam.later(301_000);
    await seam.depth.refresh();
    assert.equal(seam.depth.state()!.tail!.state, 'off');
    seam.later(20_000);
    await seam.depth.refresh();
    assert.deepEqual(await readdir(seam.tailFolder), []);
    await seam.bringUp();
    await seam.assertAllShown(1, 1);
  } finally {
    await seam.close();
  }
});

/** All of the log, or a part of each partition. */
function showAll({ log }: Seam, part = 1): void {
  for (const [id, own] of log.logs) log.show(id, Math.floor(own.length * part));
}
