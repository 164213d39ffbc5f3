import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventOf, eventRegistry, goodsOf, type OrderLine, type StoreEvent } from '@storepulse/contracts';
import fc from 'fast-check';
import type { Collection } from 'mongodb';
import { createFacts, type FactDocument, factOf } from '../aggregate/facts.ts';
import { anEdit, anOrder, aRefund } from '../testing/events.ts';
import { createReturns } from './returns.ts';

type Reversed = EventOf<'order_edited'>['removed'][number];

/** The stored facts of all tasks, by collection. */
const emptyStore = () => new Map<string, Map<string, FactDocument>>();

/** Counts facts as a task does, over documents in memory. */
function taskOver(store: ReturnType<typeof emptyStore>, { task = 'facts/0', keysOnly = false } = {}) {
  const find = (name: string) => (filter: Record<string, { $in: string[] } | string>) =>
    (async function* () {
      const isWanted = (document: FactDocument) =>
        Object.entries(filter).every(([field, of]) =>
          typeof of === 'string' ? document[field] === of : of.$in.includes(document[field] as string),
        );
      for (const document of store.get(name)?.values() ?? []) if (isWanted(document)) yield document;
    })();
  const collections = (name: string) => ({ find: find(name) }) as unknown as Collection<FactDocument>;
  const facts = createFacts(task, collections, { keysOnly });
  const returns = createReturns(task, collections);
  return {
    /** Counts one event; returns the value of what it takes back, and how many lines of it were taken as told. */
    tell: async (event: StoreEvent) => {
      const fact = factOf(event, eventRegistry.get(event.type)!)!;
      const release = returns.hold([fact]);
      await Promise.all([facts.load([fact]), returns.load([fact])]);
      const valued = returns.value(fact);
      if (facts.add(valued.fact) === 'new') returns.note(valued.fact);
      release();
      const { lines, removed } = valued.event as { lines?: Reversed[]; removed?: Reversed[] };
      return { value: goodsOf(removed ?? lines ?? []), asTold: valued.asTold };
    },
    commit: () => {
      returns.take();
      for (const [name, documents] of facts.take()) {
        const collection = store.get(name) ?? new Map<string, FactDocument>();
        store.set(name, collection);
        for (const document of documents) collection.set(document._id, document);
      }
      facts.trim();
      returns.trim();
    },
  };
}

const lineOf = (fields: Partial<OrderLine> = {}): OrderLine => ({
  ...{ sku: 'A', category: 'Toys', quantity: 1, unitPrice: 2_000, discount: 500 },
  ...fields,
});
/** A line as a producer sends it that does not know of discounts. */
const untold = ({ discount: _, ...line }: Reversed): Reversed => line;

test('what a line was sold for comes off the price that its return tells', async () => {
  const { tell } = taskOver(emptyStore());
  await tell(anOrder({ orderId: 'o1', lines: [lineOf()] }));
  const refund = aRefund({ orderId: 'o1', lines: [untold(lineOf())], amount: 2_000 });
  assert.deepEqual(await tell(refund), { value: 1_500, asTold: 0 });
});

test('a line that an edit takes off counts as it was sold, too, and one that it has put on', async () => {
  const { tell } = taskOver(emptyStore());
  await tell(anOrder({ orderId: 'o1', lines: [lineOf()] }));
  const added = lineOf({ sku: 'B', quantity: 2, unitPrice: 300, discount: 60 });
  const edit = anEdit({ orderId: 'o1', removed: [untold(lineOf())], added: [added], total: -1_460 });
  assert.deepEqual(await tell(edit), { value: 1_500, asTold: 0 });
  const refund = aRefund({ orderId: 'o1', lines: [untold({ ...added, quantity: 1 })], amount: 300 });
  assert.deepEqual(await tell(refund), { value: 270, asTold: 0 });
});

test('a return at another price than the order’s, and pieces beyond the order’s, are worth what they tell', async () => {
  const { tell } = taskOver(emptyStore());
  await tell(anOrder({ orderId: 'o1', lines: [lineOf()] }));
  const net = aRefund({ orderId: 'o1', lines: [untold(lineOf({ unitPrice: 1_500 }))], amount: 1_500 });
  assert.deepEqual(await tell(net), { value: 1_500, asTold: 0 });
  const twice = aRefund({ orderId: 'o1', lines: [untold(lineOf()), untold(lineOf())], amount: 4_000 });
  assert.deepEqual(await tell(twice), { value: 3_500, asTold: 0 });
});

test('lines of an order that the task has not counted are counted as told, and told of', async () => {
  const store = emptyStore();
  const other = taskOver(store, { task: 'facts/1' });
  await other.tell(anOrder({ orderId: 'o1', lines: [lineOf()] }));
  other.commit();
  const { tell } = taskOver(store);
  const lines = [untold(lineOf()), lineOf()];
  assert.deepEqual(await tell(aRefund({ orderId: 'o1', lines, amount: 3_500 })), { value: 3_500, asTold: 1 });
  assert.deepEqual(await tell(aRefund({ orderId: null, lines, amount: 3_500 })), { value: 3_500, asTold: 0 });
});

test('a refund that is told again is the same, before and after it is stored', async () => {
  const store = emptyStore();
  const { tell, commit } = taskOver(store);
  await tell(anOrder({ orderId: 'o1', lines: [lineOf({ quantity: 2 })] }));
  const back = () => aRefund({ refundId: 'r1', orderId: 'o1', lines: [untold(lineOf())], amount: 2_000 });
  await tell(back());
  const again = { ...back(), eventId: 'sent-again' };
  for (const round of [0, 1]) {
    const task = round === 0 ? { tell } : taskOver(store);
    await task.tell(again);
    const rest = aRefund({
      refundId: `r2-${round}`,
      orderId: 'o1',
      lines: [untold(lineOf())],
      amount: 2_000,
    });
    if (round === 1) assert.deepEqual(await task.tell(rest), { value: 1_750, asTold: 0 });
    commit();
  }
});

test('an amount that is short of several lines takes from none of them what the others have left', async () => {
  const { tell, commit } = taskOver(emptyStore());
  const few = lineOf({ unitPrice: 7, discount: 0 });
  const many = lineOf({ unitPrice: 100, quantity: 3, discount: 45 });
  await tell(anOrder({ orderId: 'o1', lines: [few, many] }));
  commit();
  const part = [untold(few), untold({ ...many, quantity: 2 })];
  // Spread by worth, one penny of the thirty falls on the line that had no discount.
  assert.equal((await tell(aRefund({ refundId: 'r1', orderId: 'o1', lines: part, amount: 177 }))).value, 177);
  commit();
  const last = [untold({ ...many, quantity: 1 })];
  assert.equal((await tell(aRefund({ refundId: 'r2', orderId: 'o1', lines: last, amount: 100 }))).value, 85);
});

test('an amount that is short of nothing does not tell: what lines before it were short of too much or too little, it has', async () => {
  const { tell, commit } = taskOver(emptyStore());
  const dear = lineOf({ sku: 'A', unitPrice: 333, discount: 5 });
  const [a, b] = ['A', 'B'].map((sku) => lineOf({ sku, unitPrice: 100, discount: 0 })) as [
    OrderLine,
    OrderLine,
  ];
  await tell(anOrder({ orderId: 'o1', lines: [dear, { ...b, discount: 1 }] }));
  await tell(anEdit({ editId: 'on', orderId: 'o1', added: [b, { ...a, quantity: 2 }], total: 300 }));
  commit();
  const values: number[] = [];
  for (const [n, lines, amount] of [
    [1, [a, b, dear], 528],
    [2, [a], 100],
    [3, [b], 100],
  ] as const) {
    const back = aRefund({ refundId: `r${n}`, orderId: 'o1', lines: lines.map(untold), amount });
    values.push((await tell(back)).value);
    commit();
  }
  // All that was sold for 733 less 6, of which the first three pieces had 5.
  assert.deepEqual(values, [528, 99, 100]);
});

/** How a line is told when it comes back: with its discount, by an amount that is short of the price, or not at all. */
type Telling = 'told' | 'short' | 'untold';
const anyLines = fc.array(
  fc
    .record({
      sku: fc.constantFrom('A', 'B'),
      unitPrice: fc.constantFrom(0, 7, 100, 333),
      quantity: fc.integer({ min: 1, max: 5 }),
      off: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ off, ...line }) =>
      lineOf({ ...line, discount: Math.floor(line.unitPrice * line.quantity * off) }),
    ),
  { minLength: 1, maxLength: 4 },
);
/** Even draws from 0 up to 1; doubles themselves lie at the ends for the most part. */
const chance = fc.infiniteStream(fc.noBias(fc.nat({ max: 999_999 })).map((n) => n / 1e6));

/** Pieces of a lot, each with its price and its share of the lot’s discount; lines that can’t be told apart are one. */
function piecesOf(lines: readonly OrderLine[]): Reversed[] {
  const lots = Map.groupBy(lines, ({ sku, unitPrice }) => `${sku}|${unitPrice}`);
  return [...lots.values()].flatMap((lot) => {
    let pieces = lot.reduce((sum, { quantity }) => sum + quantity, 0);
    let discount = lot.reduce((sum, line) => sum + line.discount, 0);
    return Array.from({ length: pieces }, () => {
      const own = Math.floor(discount / pieces);
      discount -= own;
      pieces--;
      return { ...untold(lot[0]!), quantity: 1, discount: own };
    });
  });
}

test('an order that comes back whole leaves nothing, in whatever parts and forms, through commits and restarts', () =>
  fc.assert(
    fc.asyncProperty(anyLines, anyLines, fc.boolean(), chance, async (lines, added, keysOnly, stream) => {
      const store = emptyStore();
      let task = taskOver(store, { keysOnly });
      const draw = () => stream.next().value as number;
      const pick = <T>(of: readonly T[]): T => of[Math.floor(draw() * of.length)]!;
      const step = () => {
        if (draw() < 0.5) task.commit();
        else return;
        if (draw() < 0.5) task = taskOver(store, { keysOnly });
      };
      let left = goodsOf(lines) + goodsOf(added);
      await task.tell(anOrder({ orderId: 'o1', lines }));
      step();
      await task.tell(anEdit({ editId: 'on', orderId: 'o1', added, total: goodsOf(added) }));
      step();
      const rest = piecesOf([...lines, ...added]);
      // What is not told is reckoned from what is left: telling later what was reckoned comes too late.
      const toldParts = Math.floor(draw() * rest.length);
      for (let n = 0; rest.length > 0; n++) {
        const part = Array.from({ length: Math.min(rest.length, 1 + Math.floor(draw() * 3)) }, () =>
          rest.splice(Math.floor(draw() * rest.length), 1),
        ).flat();
        // An amount that is short of nothing is the same event as one of a producer that does not tell.
        const isShort = goodsOf(part) < goodsOf(part.map(untold));
        const telling: Telling = n >= toldParts ? 'untold' : isShort ? pick(['told', 'short']) : 'told';
        const told = telling === 'told' ? part : part.map(untold);
        const goods = telling === 'untold' ? goodsOf(told) : goodsOf(part);
        const event = pick([
          aRefund({
            refundId: `r${n}`,
            orderId: 'o1',
            lines: told,
            amount: goods + 40,
            shipping: 30,
            tax: 10,
          }),
          anEdit({ editId: `e${n}`, orderId: 'o1', removed: told, total: -goods }),
        ]);
        const { value, asTold } = await task.tell(event);
        assert.equal(asTold, 0);
        assert.ok(value >= 0);
        if (telling !== 'untold') assert.equal(value, goodsOf(part));
        left -= value;
        step();
      }
      assert.equal(left, 0);
    }),
    { numRuns: 100 },
  ));
