import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rememberedQueries, savedPanel } from './queries.ts';

function aKeeper(first: Record<string, string> = {}) {
  const kept = new Map(Object.entries(first));
  return () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
}
const query = (title: string, metric: string, at = 0, refId = 'A') => ({
  ...{ title, datasource: 'storepulse', at },
  query: { refId, metric },
});

test('the history has the latest first and each query once, whatever its letter', () => {
  const { ran, history } = rememberedQueries(aKeeper());
  ran([query('Orders', 'orders', 1)]);
  ran([query('Net sales', 'net_sales', 2)]);
  ran([query('Orders', 'orders', 3, 'B')]);
  assert.deepEqual(
    history().map(({ title, at }) => [title, at]),
    [
      ['Orders', 3],
      ['Net sales', 2],
    ],
  );
});

test('the history does not grow for ever', () => {
  const { ran, history } = rememberedQueries(aKeeper());
  for (let n = 0; n < 60; n++) ran([query(`Query ${n}`, `m${n}`)]);
  assert.equal(history().length, 50);
  assert.equal(history()[0]!.title, 'Query 59');
});

test('a query that is saved under a name takes the place of the one before, and can be removed', () => {
  const { save, saved, remove } = rememberedQueries(aKeeper());
  save(query('Mine', 'orders'));
  save(query('Mine', 'net_sales'));
  save(query('Other', 'orders'));
  assert.deepEqual(
    saved().map(({ title }) => title),
    ['Other', 'Mine'],
  );
  assert.equal((saved()[1]!.query as { metric?: string }).metric, 'net_sales');
  remove('Other');
  assert.deepEqual(
    saved().map(({ title }) => title),
    ['Mine'],
  );
});

test('the queries of a panel are kept for that panel alone, until they are reset', () => {
  const keeper = aKeeper();
  const panel = savedPanel('sales', 'panel-1', keeper);
  assert.equal(panel.read(), undefined);
  panel.save([{ refId: 'A' }]);
  assert.deepEqual(savedPanel('sales', 'panel-1', keeper).read(), [{ refId: 'A' }]);
  assert.equal(savedPanel('sales', 'panel-2', keeper).read(), undefined);
  panel.reset();
  assert.equal(panel.read(), undefined);
});

test('what can’t be read counts as nothing; a browser that keeps nothing says so', () => {
  const broken = aKeeper({
    'storepulse.preview.saved-queries': '{"title":1',
    'storepulse.preview.history': '[7]',
  });
  assert.deepEqual(rememberedQueries(broken).saved(), []);
  assert.deepEqual(rememberedQueries(broken).history(), []);
  const full = () => ({
    ...aKeeper()(),
    setItem: () => {
      throw new Error('quota');
    },
  });
  assert.throws(() => rememberedQueries(full).save(query('x', 'y')), /This browser keeps nothing: quota/);
});
