import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ERRORS } from './errors.ts';

test('the reference has a row for each error code with its status, and for no other', () => {
  const page = readFileSync(new URL('../../docs/reference/query-api.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ]);
  const codes = Object.entries(ERRORS).map(([code, { status }]) => [code, status]);
  assert.deepEqual(rows.sort(), codes.sort());
});
