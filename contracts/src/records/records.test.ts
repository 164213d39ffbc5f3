import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_AMOUNT } from '../events/envelope.ts';
import { eventRegistry } from '../events/index.ts';
import { fieldsOfRecord, personalFieldsOf, RECORD_KINDS, RECORDS } from './index.ts';

interface Schema {
  readonly maximum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Paths of a schema's amounts: what may be as large as one. */
function amountsOf({ properties = {} }: Schema, path = ''): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => [
    ...(schema.maximum === MAX_AMOUNT ? [`${path}${name}`] : []),
    ...(schema.items ? amountsOf(schema.items, `${path}${name}.`) : []),
  ]);
}

test('every amount of a record is known to be one', () => {
  for (const kind of RECORD_KINDS) {
    const { money, event } = RECORDS[kind];
    assert.deepEqual(new Set(money), new Set(amountsOf(eventRegistry.get(event)!.schema as Schema)), kind);
  }
});

test('what records are narrowed and put in order by is a field of theirs', () => {
  for (const kind of RECORD_KINDS) {
    const spec = RECORDS[kind];
    const fields = new Set(['_id', ...fieldsOfRecord(spec)]);
    const named = [...spec.sorts, ...Object.values(spec.filters)].map(({ field }) => field.split('.')[0]!);
    for (const field of [spec.id, ...named, ...spec.times, ...(spec.time ? [spec.time] : [])])
      assert.ok(fields.has(field), `${kind}: ${field}`);
    // A cursor holds the value that records are in order by.
    const personal = new Set(personalFieldsOf(spec));
    if (!spec.isPersonal) for (const { field } of spec.sorts) assert.ok(!personal.has(field), field);
    if (!spec.isPersonal) assert.ok(!personal.has(spec.id), kind);
  }
});
