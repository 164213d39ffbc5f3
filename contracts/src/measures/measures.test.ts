import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DISTRIBUTION_MAX_BINS } from './distribution.ts';
import {
  aggregators,
  approximateSum,
  cumulativeCounts,
  type DistributionState,
  type MeasureKind,
  type MeasureState,
  type MeasureValue,
  quantile,
} from './index.ts';

const values: Record<MeasureKind, fc.Arbitrary<MeasureValue>> = {
  count: fc.integer(),
  sum: fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
  min: fc.integer(),
  max: fc.integer(),
  distinct: fc.integer({ min: 0, max: 600 }).map((n) => `visitor-${n}`),
  distribution: fc.integer({ min: 0, max: 10_000_000 }),
  last: fc
    .record({ time: fc.integer({ min: 0, max: 50 }), n: fc.integer({ min: 0, max: 20 }) })
    .map(({ time, n }) => ({ time, id: `event-${n}`, value: time * 100 + n })),
};

const sample = (kind: MeasureKind) => fc.array(values[kind], { maxLength: 500 });
const kinds = Object.keys(aggregators) as MeasureKind[];

function build(kind: MeasureKind, items: readonly MeasureValue[]): MeasureState {
  return items.reduce(
    (state: MeasureState, item) => aggregators[kind].add(state, item),
    aggregators[kind].zero(),
  );
}
const bytes = (kind: MeasureKind, state: MeasureState) => aggregators[kind].encode(state);

for (const kind of kinds) {
  const { merge, decode, encode, zero } = aggregators[kind];

  test(`${kind}: it is known how many bytes the form at rest has`, () => {
    fc.assert(
      fc.property(sample(kind), (items) => {
        const state = build(kind, items);
        const stored = encode(state);
        assert.equal(aggregators[kind].bytes(state), typeof stored === 'number' ? 8 : stored.length);
      }),
    );
  });

  test(`${kind}: splitting the values anywhere and merging in either order gives the state of one pass`, () => {
    fc.assert(
      fc.property(sample(kind), sample(kind), (a, b) => {
        const whole = bytes(kind, build(kind, [...a, ...b]));
        assert.deepEqual(bytes(kind, merge(build(kind, a), build(kind, b))), whole);
        assert.deepEqual(bytes(kind, merge(build(kind, b), build(kind, a))), whole);
      }),
    );
  });

  test(`${kind}: merging is associative, with an empty state as its neutral element`, () => {
    fc.assert(
      fc.property(sample(kind), sample(kind), sample(kind), (a, b, c) => {
        const left = merge(merge(build(kind, a), build(kind, b)), build(kind, c));
        const right = merge(build(kind, a), merge(build(kind, b), build(kind, c)));
        assert.deepEqual(bytes(kind, left), bytes(kind, right));
        assert.deepEqual(bytes(kind, merge(build(kind, a), zero())), bytes(kind, build(kind, a)));
      }),
    );
  });

  test(`${kind}: a state survives being stored`, () => {
    fc.assert(
      fc.property(sample(kind), (items) => {
        const stored = encode(build(kind, items));
        assert.deepEqual(encode(decode(stored)), stored);
      }),
    );
  });

  test(`${kind}: merging leaves the merged-in state as it was`, () => {
    fc.assert(
      fc.property(sample(kind), sample(kind), (a, b) => {
        const from = build(kind, b);
        const before = structuredClone(bytes(kind, from));
        merge(build(kind, a), from);
        assert.deepEqual(bytes(kind, from), before);
      }),
    );
  });
}

for (const kind of ['count', 'sum', 'distribution'] as const) {
  const { add, remove, merge } = aggregators[kind];

  test(`${kind}: values taken back, in any order and before they were merged in, leave the rest`, () => {
    fc.assert(
      fc.property(sample(kind), sample(kind), (kept, gone) => {
        const taken = gone.reduce(
          (state: MeasureState, item) => remove!(state, item),
          aggregators[kind].zero(),
        );
        const rest = merge(gone.reduce(add, build(kind, kept)), taken);
        assert.deepEqual(bytes(kind, rest), bytes(kind, build(kind, kept)));
      }),
    );
  });
}

for (const kind of ['min', 'max', 'distinct', 'last'] as const) {
  test(`${kind}: adding the same values again changes nothing`, () => {
    fc.assert(
      fc.property(sample(kind), (items) => {
        assert.deepEqual(bytes(kind, build(kind, [...items, ...items])), bytes(kind, build(kind, items)));
      }),
    );
  });
}

test('last is the value of the latest event, and of the greater id within an instant', () => {
  const { value } = aggregators.last;
  assert.equal(value(build('last', [])), null);
  const seen = [
    { time: 5, id: 'b', value: 1 },
    { time: 5, id: 'c', value: 2 },
    { time: 4, id: 'z', value: 3 },
  ];
  assert.equal(value(build('last', seen)), 2);
});

test('distinct is exact up to 256 ids', () => {
  const ids = Array.from({ length: 256 }, (_, i) => `customer-${i}`);
  assert.equal(aggregators.distinct.value(build('distinct', [...ids, ...ids])), 256);
});

test('distinct beyond that is unbiased and within its standard error of 2.3 %', () => {
  for (const size of [1_000, 5_000, 50_000]) {
    const errors = Array.from({ length: 40 }, (_, run) => {
      const ids = Array.from({ length: size }, (_, i) => `run${run}:${i}`);
      return aggregators.distinct.value(build('distinct', ids))! / size - 1;
    });
    const mean = errors.reduce((a, b) => a + b, 0) / errors.length;
    const deviation = Math.sqrt(errors.reduce((a, b) => a + b * b, 0) / errors.length);
    assert.ok(Math.abs(mean) < 0.012, `mean error ${mean} at ${size}`);
    assert.ok(deviation < 0.03, `deviation ${deviation} at ${size}`);
  }
});

test('quantiles are within 1 % of the true ones', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 300 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (items, q) => {
        const state = build('distribution', items) as Parameters<typeof quantile>[0];
        const truth = [...items].sort((a, b) => a - b)[Math.floor(q * (items.length - 1))]!;
        assert.ok(Math.abs(quantile(state, q)! - truth) <= 0.0101 * truth);
      },
    ),
  );
});

test('a distribution stays bounded and keeps its high quantiles', () => {
  const state = aggregators.distribution.zero() as Parameters<typeof quantile>[0];
  // Bins are 2 % wide, so only a range of 10^±40 fills more than the limit.
  for (let exponent = -40; exponent <= 40; exponent += 0.01)
    aggregators.distribution.add(state, 10 ** exponent);
  assert.equal(state.bins.length, DISTRIBUTION_MAX_BINS);
  assert.ok(Math.abs(quantile(state, 0.99)! / 10 ** 39.2 - 1) < 0.05);
});

test('a stored form of another kind is refused', () => {
  assert.throws(() => aggregators.sum.decode(new Uint8Array([1])), TypeError);
  assert.throws(() => aggregators.distinct.decode(7), TypeError);
  assert.throws(() => aggregators.distribution.decode(new Uint8Array([1])), TypeError);
  assert.throws(() => aggregators.last.decode(new Uint8Array([1])), TypeError);
});

test('a sum beyond what a double holds exactly is refused, not rounded', () => {
  assert.throws(() => aggregators.sum.encode(2 ** 53), RangeError);
});

test('a distribution refuses negative numbers', () => {
  assert.throws(() => aggregators.distribution.add(aggregators.distribution.zero(), -1), RangeError);
});

test('a distribution’s counts up to bounds are right but for values close above a bound, its sum within 1 %', () => {
  const latency = fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 300 });
  const bounds = [50, 1_000, 30_000, 300_000];
  fc.assert(
    fc.property(latency, (items) => {
      const state = build('distribution', items) as DistributionState;
      cumulativeCounts(state, bounds).forEach((count, i) => {
        const upTo = (bound: number) => items.filter((item) => item <= bound).length;
        assert.ok(count >= upTo(bounds[i]!) && count <= upTo(bounds[i]! * 1.02));
      });
      const sum = items.reduce((total, item) => total + item, 0);
      assert.ok(Math.abs(approximateSum(state) - sum) <= 0.01 * sum + 1e-6);
    }),
  );
});

test('a distribution’s counts up to bounds never fall as values are added', () => {
  fc.assert(
    fc.property(sample('distribution'), sample('distribution'), (a, b) => {
      const bounds = [1, 10, 1_000, 1_000_000];
      const counts = (items: readonly MeasureValue[]) =>
        cumulativeCounts(build('distribution', items) as DistributionState, bounds);
      const [before, after] = [counts(a), counts([...a, ...b])];
      assert.ok(before.every((count, i) => count <= after[i]!));
      assert.ok(after.every((count, i) => i === 0 || count >= after[i - 1]!));
    }),
  );
});
