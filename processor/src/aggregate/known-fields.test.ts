import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventType, eventRegistry } from '@storepulse/contracts';
import { randomEvents } from '@storepulse/contracts/testing/random-events';
import fc from 'fast-check';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { takingOffUnknown } from './known-fields.ts';

const types = [...eventRegistry.keys()] as EventType[];
const names = fc.constantFrom(
  'extra',
  '__proto__',
  'constructor',
  'lines',
  'sku',
  'total',
  '',
  'a.b',
  '$set',
  '0',
);

/** Puts values under names into some of the objects of a value, beside or in the place of what is there. */
function strew(value: unknown, extras: Iterator<readonly [string, unknown, boolean]>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => strew(item, extras));
  const fields = Object.entries(value).map(([name, field]) => [name, strew(field, extras)] as const);
  const [name, extra, isWanted] = extras.next().value ?? ['', null, false];
  const all = isWanted ? [...fields, [name, extra] as const] : fields;
  // As parsing does: `__proto__` is a field like any other.
  return JSON.parse(
    `{${all.map(([key, field]) => `${JSON.stringify(key)}:${JSON.stringify(field)}`).join(',')}}`,
  );
}

test('what a schema does not know is taken off at any depth, as Value.Clean does, from events of every type', () => {
  const extra = fc.tuple(names, fc.jsonValue({ maxDepth: 3 }), fc.boolean());
  const one = fc.constantFrom(...types).chain((type) => fc.tuple(fc.constant(type), randomEvents([type])));
  fc.assert(
    fc.property(one, fc.array(extra, { minLength: 1, maxLength: 6 }), ([type, event], extras) => {
      const { schema } = eventRegistry.get(type)!;
      const made = strew(event, extras.values());
      const expected = Value.Clean(schema, structuredClone(made));
      assert.deepEqual(takingOffUnknown(schema)(structuredClone(made)), expected);
    }),
    { numRuns: 1_000 },
  );
});

test('schemas of other kinds are left to Value.Clean', () => {
  const schemas = [
    Type.Object({ a: Type.Number() }, { additionalProperties: true }),
    Type.Union([Type.Object({ a: Type.Number() }), Type.Null()]),
    Type.Record(Type.String(), Type.Object({ a: Type.Number() })),
  ];
  for (const schema of schemas)
    for (const value of [{ a: 1, b: 2 }, { a: { a: 1, b: 2 } }, null, 5])
      assert.deepEqual(
        takingOffUnknown(Type.Object({ it: schema }))({ it: structuredClone(value), other: 1 }),
        Value.Clean(Type.Object({ it: schema }), { it: structuredClone(value), other: 1 }),
      );
});
