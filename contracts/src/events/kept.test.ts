import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEPT_TYPES } from './kept.ts';
import { KEPT_EVENT_TYPES } from './kept-types.ts';

test('the list of kept types is that of the registry, whole and in its order', () => {
  assert.deepEqual(KEPT_EVENT_TYPES, KEPT_TYPES);
});
