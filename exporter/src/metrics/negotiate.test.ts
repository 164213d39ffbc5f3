import assert from 'node:assert/strict';
import { test } from 'node:test';
import { negotiateFormat, prefersCsv } from './negotiate.ts';

test('Prometheus gets OpenMetrics, as it asks for it first', () => {
  const prometheus =
    'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
  assert.equal(negotiateFormat(prometheus), 'openMetrics');
  assert.equal(negotiateFormat('application/openmetrics-text'), 'openMetrics');
});

test('curl, a browser, and who prefers text get text', () => {
  assert.equal(negotiateFormat('*/*'), 'text');
  assert.equal(negotiateFormat(undefined), 'text');
  assert.equal(negotiateFormat('text/html,application/xhtml+xml,*/*;q=0.8'), 'text');
  assert.equal(negotiateFormat('text/plain;version=0.0.4;q=0.5, application/openmetrics-text;q=0.3'), 'text');
  assert.equal(negotiateFormat('application/openmetrics-text;q=0'), 'text');
});

test('CSV is for those who ask for it, and rank it no lower than JSON', () => {
  assert.equal(prefersCsv('text/csv'), true);
  assert.equal(prefersCsv('application/json;q=0.5, text/csv;q=0.9'), true);
  assert.equal(prefersCsv('application/json, text/csv'), true);
  assert.equal(prefersCsv('application/json, text/csv;q=0.5'), false);
  for (const accept of [undefined, '*/*', 'text/csv;q=0', 'application/json'])
    assert.equal(prefersCsv(accept), false);
});
