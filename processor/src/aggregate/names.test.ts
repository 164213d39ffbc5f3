import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, dimensionValue, type MetricDocument, unescapeField } from '@storepulse/contracts';
import { ANY_CHARACTER } from '@storepulse/contracts/testing/any-character';
import fc from 'fast-check';
import { BSON } from 'mongodb';
import { toMetricRecord } from '../merge/merge-window.ts';
import { anOrder } from '../testing/events.ts';
import { memoryTask } from '../testing/memory-task.ts';
import { compilePlan } from './plan.ts';

const plan = compilePlan(catalog);
const sales = plan.groups.find(({ name }) => name === 'sales')!;

/** What a shop's lifetime shows of its categories and SKUs, after MongoDB and the topic have carried it. */
async function shown(names: readonly string[]): Promise<Map<string, number>> {
  const task = memoryTask(plan);
  const line = { quantity: 1, unitPrice: 100, discount: 0 };
  await task.count(
    names.map((name, n) =>
      anOrder({ orderId: `o${n}`, sessionId: null, lines: [{ ...line, sku: name, category: name }] }),
    ),
  );
  task.commit();
  const figures = new Map<string, number>();
  for (const [window, cells] of Object.entries(task.windows())) {
    if (!window.includes('|all|0|')) continue;
    const stored = BSON.deserialize(BSON.serialize({ cells }), { promoteBuffers: true }) as MetricDocument;
    const record = toMetricRecord({ ...stored, start: new Date(0), end: null }, sales);
    const published = JSON.parse(JSON.stringify(record)) as typeof record;
    for (const dimension of ['category', 'sku']) {
      for (const [field, cell] of Object.entries(stored.cells[dimension] ?? {})) {
        const name = unescapeField(field);
        assert.ok(Object.hasOwn(published.cells[dimension]!, name), `${name} is on the topic`);
        if (cell.units !== undefined) figures.set(`${dimension} ${name}`, cell.units as number);
      }
    }
  }
  return figures;
}

test('names that shops give to categories and products are kept as they are', async () => {
  const names = [
    'Home > Kitchen',
    'LEGO®',
    'Women – Shoes',
    'What’s new?',
    'Under 50 €',
    'Shirts [Men]',
    '🎁 Gifts',
    '3 for £10',
    '#1001',
    '-OLD',
    '_X',
    '(2)',
    'A=1',
    'A~1',
    '$price',
    '50% off.',
    '__proto__',
    'constructor',
    '0',
    '"quoted" \\ back',
    'a{b="c"}',
    '日本 ',
  ];
  const figures = await shown(names);
  assert.deepEqual(
    [...figures].sort(),
    ['category', 'sku'].flatMap((dimension) => names.map((name) => [`${dimension} ${name}`, 1])).sort(),
  );
});

test('any name of the documented domain is a value of its own; every other text is other', () => {
  const character = fc.oneof(
    fc.string({ unit: ANY_CHARACTER, minLength: 1, maxLength: 1 }),
    fc.constantFrom(' ', '\n', '\u0000', '\u007f', '\ud800', '|', '.', '$'),
  );
  const category = catalog.dimensions.get('category')!;
  fc.assert(
    fc.property(fc.array(character, { minLength: 1, maxLength: 90 }), (characters) => {
      const name = characters.join('');
      const points = [...name].map((point) => point.codePointAt(0)!);
      const isPlain = points.every(
        (point) => !(point < 32 || (point >= 127 && point < 160) || (point >= 0xd800 && point < 0xe000)),
      );
      const isNamed = isPlain && points.length <= 80 && name.trim() !== '';
      assert.equal(dimensionValue(category, name), isNamed ? name : 'other');
    }),
    { numRuns: 2_000 },
  );
});
