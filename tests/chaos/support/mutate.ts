import type { EventRecord } from '@storepulse/contracts';
import type { Random } from '@storepulse/simulator/random/random';

/** A record as bytes, which need not be anything. */
export interface RawRecord {
  readonly topic: EventRecord['topic'];
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | string>>;
}

type Body = Record<string, unknown>;

const MEGABYTE = 1_000_000;
/** One record in so many is larger than Kafka takes by default. */
const ONE_LARGE_IN = 5_000;
const DEEP = 20_000;
/** Texts that break careless readers. */
const TEXTS = [
  '',
  '__proto__',
  'constructor',
  '$where',
  'a.b',
  '\u0000',
  '\ud800',
  'x'.repeat(5_000),
  '𝕊',
  'shop|x',
];
const VALUES: readonly unknown[] = [
  null,
  true,
  -0,
  1e308,
  2 ** 53,
  -1,
  0.1,
  [],
  {},
  { $gt: '' },
  [[[]]],
  ...TEXTS,
];

const changed = (body: Body, random: Random, change: (copy: Body, field: string) => void): string => {
  const copy = { ...body };
  change(copy, random.pick(Object.keys(copy)));
  return JSON.stringify(copy);
};
const spliced = (value: Buffer, at: number, insert: Buffer, drop = 0) =>
  Buffer.concat([value.subarray(0, at), insert, value.subarray(at + drop)]);
const bytes = (length: number, random: Random) =>
  Buffer.from(Array.from({ length }, () => random.integer(0, 255)));

/** What happens to a value. */
const VALUE_MUTATIONS: readonly ((value: Buffer, body: Body, random: Random) => Buffer | string | null)[] = [
  (value, _body, random) => value.subarray(0, random.integer(1, value.length - 1)),
  (value, _body, random) =>
    spliced(value, random.integer(0, value.length), bytes(random.integer(1, 4), random), 1),
  (value, _body, random) =>
    spliced(value, random.integer(0, value.length), value.subarray(0, random.integer(1, 40))),
  (_value, _body, random) => bytes(random.integer(1, 600), random),
  (_value, body, random) => changed(body, random, (copy, field) => delete copy[field]),
  (_value, body, random) =>
    changed(body, random, (copy, field) => Object.assign(copy, { [field]: random.pick(VALUES) })),
  (_value, body, random) =>
    changed(body, random, (copy) => Object.assign(copy, { [random.pick(TEXTS)]: random.pick(VALUES) })),
  (_value, body) => JSON.stringify({ $set: 1, _id: 'other', ...body }),
  (_value, body) => JSON.stringify(body).replace(/:\d+/, ':NaN'),
  (_value, body) => JSON.stringify(body).replace(/:\d+/, ':1e999'),
  (_value, body) => JSON.stringify(body).replace('{', '{"__proto__":{"total":1},'),
  (_value, body) => JSON.stringify(body).replace('{', `{"deep":${'['.repeat(DEEP)}${']'.repeat(DEEP)},`),
  (_value, body) => JSON.stringify(body).replace('{', `{"deep":${'{"a":'.repeat(150)}1${'}'.repeat(150)},`),
  (_value, body) => JSON.stringify(body).replaceAll(/Id":"/g, 'Id":"\\ud800'),
  (value) => Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), value]),
  (value) => value,
  () => null,
  () => '',
];

/** Mutates a sound record; one in some thousands is made larger than a broker takes by default. */
export function mutate(
  record: EventRecord,
  topics: readonly EventRecord['topic'][],
  random: Random,
): RawRecord {
  const body = JSON.parse(record.value) as Body;
  const mutation = random.pick(VALUE_MUTATIONS)(Buffer.from(record.value), body, random);
  const isLarge = random.integer(1, ONE_LARGE_IN) === 1;
  const large = () => JSON.stringify({ ...body, note: 'x'.repeat(random.integer(MEGABYTE, 5 * MEGABYTE)) });
  const value = isLarge ? Buffer.from(large()) : mutation === null ? null : Buffer.from(mutation);
  return {
    topic: random.chance(0.05) ? random.pick(topics) : record.topic,
    // A null key is refused by the broker itself on a compacted topic; elsewhere it is one more mistake.
    key: random.chance(0.03) ? bytes(random.integer(1, 40), random) : Buffer.from(record.key),
    value,
    headers: random.chance(0.03) ? { [random.pick(TEXTS) || 'empty']: bytes(8, random) } : record.headers,
  };
}
