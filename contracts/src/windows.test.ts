import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { country, device, sku } from './catalog/dimensions.ts';
import { zoneCalendar } from './time.ts';
import {
  bucketAt,
  escapeField,
  MAX_LEVEL,
  parseWindowId,
  partsOf,
  unescapeField,
  type WindowRef,
  windowExpiry,
  windowId,
  windowIdRanges,
} from './windows.ts';

test('a window id reads back as the window it names', () => {
  const id = 'uk-retail|sales|narrow|1h|1322697600000|0';
  assert.equal(windowId(parseWindowId(id)), id);
  for (const text of ['', 'a|b', 'a|b|c|2h|0|0', `${id}|x`])
    assert.throws(() => parseWindowId(text), RangeError);
});

test('any dimension value becomes a field name that MongoDB takes, and reads back', () => {
  fc.assert(
    fc.property(
      fc.string({
        minLength: 1,
        unit: fc.constantFrom('a', '.', '$', '%', '_', '2', 'E', '4', '5', 'F', 'é'),
      }),
      (value) => {
        const field = escapeField(value);
        assert.ok(!field.includes('.') && !field.startsWith('$') && !field.startsWith('__'));
        assert.equal(unescapeField(field), value);
      },
    ),
  );
});

test('ten-second windows go after two days, a shop that keeps everything keeps them', () => {
  const utc = zoneCalendar('UTC');
  const window = { resolution: '10s', start: 0 } as Parameters<typeof windowExpiry>[0];
  assert.equal(windowExpiry(window, 'standard', utc), 10_000 + 2 * 86_400_000);
  assert.equal(windowExpiry(window, 'forever', utc), null);
  assert.equal(windowExpiry({ ...window, resolution: 'all' }, 'standard', utc), null);
});

test('ranges of window ids hold the windows that begin in them, also around the day starts got a digit more', () => {
  const around = fc.integer({ min: 999_999_000_000, max: 1_000_001_000_000 });
  fc.assert(
    fc.property(around, around, around, fc.nat(3), (start, from, to, bucket) => {
      const of = { shop: 's', group: 'sales', part: 'narrow', resolution: '10s' } as const;
      const id = windowId({ ...of, start, bucket } as WindowRef);
      const found = windowIdRanges(of, from, to).some(([low, high]) => id >= low && id < high);
      assert.equal(found, start >= from && start < to);
    }),
  );
});

test('the range of lifetimes holds all buckets of one part, and nothing else', () => {
  const of = { shop: 's', group: 'sales', part: 'sku', resolution: 'all' } as const;
  const [[low, high] = ['', '']] = windowIdRanges(of, 0, 1);
  const isIn = (id: string) => id >= low && id < high;
  assert.ok(isIn('s|sales|sku|all|0|0') && isIn('s|sales|sku|all|0|117'));
  assert.ok(!isIn('s|sales|narrow|all|0|0') && !isIn('s|sales|sku|1d|1322697600000|0'));
});

test('each level has buckets of its own, four times as many as the level before', () => {
  const value = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(value, fc.integer({ min: 1, max: MAX_LEVEL }), (name, level) => {
      const firsts = [1, 5, 21, 85, 341, 1_365, 5_461, 21_845, 87_381, 349_525, 1_398_101];
      const bucket = bucketAt(level, name);
      assert.ok(bucket >= firsts[level - 1]! && bucket < firsts[level]!);
      assert.equal(bucket, bucketAt(level, name));
    }),
  );
});

test('a narrow dimension that may grow lies in two parts, a closed list and the total in one, a wide one in its own', () => {
  assert.deepEqual([country, device, sku, undefined].map(partsOf), [
    ['narrow', 'country'],
    ['narrow'],
    ['sku'],
    ['narrow'],
  ]);
});
