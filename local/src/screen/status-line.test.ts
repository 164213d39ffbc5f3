import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusLine } from './status-line.ts';

test('the live line shows rate and lag', () => {
  assert.equal(
    statusLine(1234.6, { records: 5678, seconds: 0.25 }, []),
    '  1,235 events/s · lag 5,678 records (0.3 s)',
  );
});

test('what is not known is shown as such, and what is down is named', () => {
  assert.equal(
    statusLine(undefined, null, ['processor']),
    '  – events/s · lag unknown · not ready: processor',
  );
});
