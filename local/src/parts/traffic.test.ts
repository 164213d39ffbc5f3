import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sumRecords } from './traffic.ts';

test('the records of all fates are added up, and nothing else is', () => {
  const exposition = [
    '# TYPE storepulse_processor_records_total counter',
    'storepulse_processor_records_total{fate="processed"} 1200',
    'storepulse_processor_records_total{fate="duplicate"} 30',
    'storepulse_processor_records_total_other 5',
    'storepulse_processor_lag_records 7',
  ].join('\n');
  assert.equal(sumRecords(exposition), 1230);
});

test('before the first record there are none', () => {
  assert.equal(sumRecords(''), 0);
});
