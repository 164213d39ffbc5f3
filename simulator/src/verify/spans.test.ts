import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlainBook } from '../ledger/plain-book.ts';
import { COARSE_FIRST, expectedSpans, keptFrom } from './spans.ts';
import { inOrder, type LedgerPart } from './truth.ts';
import { localDates, windowKey } from './window-keys.ts';

const utc = (text: string) => Date.parse(`${text}Z`);
const NOW = utc('2026-03-29T12:00:00');
const london = localDates('Europe/London');

const part = (text: string, orders: number, length = 10_000): LedgerPart => {
  const content: PlainBook = { main: { country: { GB: { orders } } }, further: {} };
  return { start: utc(text), length, content };
};
const cellsOf = (parts: readonly LedgerPart[], resolution: (typeof COARSE_FIRST)[number]) =>
  [...expectedSpans(inOrder(parts), resolution, london, NOW)].flatMap(({ windows }) =>
    [...windows].map(([key, { cells }]) => [
      key,
      cells.get('orders|total|all'),
      cells.get('orders|country|GB'),
    ]),
  );

test('windows of ten seconds add up to minutes, hours, local days and the lifetime', () => {
  const parts = [
    part('2026-03-29T00:59:50', 1),
    part('2026-03-29T01:00:00', 2),
    part('2026-03-29T01:00:10', 4),
    part('2026-03-29T01:00:10', 8),
  ];
  assert.deepEqual(cellsOf(parts, '10s'), [
    ['2026-03-29T00:59:50.000Z', 1, 1],
    ['2026-03-29T01:00:00.000Z', 2, 2],
    ['2026-03-29T01:00:10.000Z', 12, 12],
  ]);
  assert.deepEqual(cellsOf(parts, '1m'), [
    ['2026-03-29T00:59:00.000Z', 1, 1],
    ['2026-03-29T01:00:00.000Z', 14, 14],
  ]);
  assert.deepEqual(cellsOf(parts, '1h'), [
    ['2026-03-29T00:00:00.000Z', 1, 1],
    ['2026-03-29T01:00:00.000Z', 14, 14],
  ]);
  assert.deepEqual(cellsOf(parts, '1d'), [['2026-03-29', 15, 15]]);
  assert.deepEqual(cellsOf(parts, 'all'), [['all', 15, 15]]);
});

test('days are those of the shop, also when its clocks change and when its hours begin at the half', () => {
  // London's summer begins at 01:00 UTC: the day has 23 hours, and the next one begins at 23:00 UTC.
  const days = ['2026-03-28T23:59:50', '2026-03-29T00:00:00', '2026-03-29T22:59:50', '2026-03-29T23:00:00'];
  assert.deepEqual(
    days.map((text) => windowKey('1d', utc(text), london)),
    ['2026-03-28', '2026-03-29', '2026-03-29', '2026-03-30'],
  );
  const kathmandu = localDates('Asia/Kathmandu');
  assert.deepEqual(
    ['2026-03-28T18:14:50', '2026-03-28T18:15:00'].map((text) => windowKey('1d', utc(text), kathmandu)),
    ['2026-03-28', '2026-03-29'],
  );
});

test('only windows that are still kept are compared', () => {
  const parts = [
    part('2026-03-27T11:00:00', 1),
    part('2026-03-27T13:00:00', 2),
    part('2026-03-29T11:00:00', 4),
  ];
  assert.deepEqual(
    cellsOf(parts, '10s').map(([, orders]) => orders),
    [2, 4],
  );
  assert.equal(cellsOf(parts, '1m').length, 3);
  assert.equal(keptFrom('1d', NOW), 0);
});

test('history that is written in longer windows counts for no shorter ones', () => {
  const parts = [part('2026-03-01T11:00:00', 1, 900_000), part('2026-03-29T11:00:00', 4)];
  assert.deepEqual(
    COARSE_FIRST.map((resolution) => cellsOf(parts, resolution).length),
    [1, 2, 2, 1, 1],
  );
});

test('spans follow on each other without a gap, so that a window which must not be there is seen', () => {
  const parts = [part('2026-03-29T01:00:00', 1), part('2026-03-29T09:00:00', 2)];
  for (const resolution of ['10s', '1m', '1h', '1d'] as const) {
    const spans = [...expectedSpans(parts, resolution, london, NOW)];
    assert.equal(spans[0]!.withGap.from, keptFrom(resolution, NOW));
    spans.slice(1).forEach(({ withGap }, n) => {
      assert.equal(withGap.from, spans[n]!.withGap.to);
    });
    assert.ok(spans.at(-1)!.withGap.to > NOW);
  }
});

test('a span reaches from its first window to its last, so that nobody answers for the silence around them', () => {
  const parts = [
    part('2026-03-29T09:02:10', 1),
    part('2026-03-29T09:03:40', 2),
    part('2026-03-29T11:30:00', 4),
  ];
  const spansOf = (resolution: '10s' | '1m' | '1h') =>
    [...expectedSpans(parts, resolution, london, NOW)]
      .filter(({ windows }) => windows.size > 0)
      .map(({ span }) =>
        [new Date(span.from), new Date(span.to)].map((time) => time.toISOString().slice(11, 19)),
      );
  assert.deepEqual(spansOf('10s'), [
    ['09:02:10', '09:03:50'],
    ['11:30:00', '11:30:10'],
  ]);
  assert.deepEqual(spansOf('1m'), [
    ['09:02:00', '09:04:00'],
    ['11:30:00', '11:31:00'],
  ]);
  assert.deepEqual(spansOf('1h'), [['09:00:00', '12:00:00']]);
});
