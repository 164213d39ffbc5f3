import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECORD_KINDS } from './model.ts';
import { RECORD_NAMES } from './names.ts';
import { RECORDS } from './specs.ts';

test('the names of each kind of record are those of its specification', () => {
  for (const kind of RECORD_KINDS) {
    const { id, filters, sorts, money, times, time } = RECORDS[kind];
    assert.deepEqual(RECORD_NAMES[kind], {
      id,
      filters: Object.entries(filters).flatMap(([name, { operator }]) => (operator === 'in' ? [name] : [])),
      sorts: sorts.map(({ name }) => name),
      // Elements of lists are told as they come.
      money: money.filter((field) => !field.includes('.')),
      times,
      hasRange: time !== undefined,
    });
  }
});
