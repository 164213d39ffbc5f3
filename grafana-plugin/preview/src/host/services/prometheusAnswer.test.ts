import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seriesName } from './prometheusAnswer.ts';

const LABELS = { __name__: 'up', job: 'storepulse-processor', instance: 'a:1' };

test('a series is called as its legend says, with the values of labels', () => {
  assert.equal(seriesName(LABELS, '{{job}} at {{ instance }}'), 'storepulse-processor at a:1');
  assert.equal(seriesName(LABELS, 'not {{known}}'), 'not ');
  assert.equal(seriesName({}, 'p99'), 'p99');
});

test('a series without a legend is called by its labels', () => {
  assert.equal(seriesName(LABELS), 'up{job="storepulse-processor", instance="a:1"}');
  assert.equal(seriesName({ job: 'x' }), '{job="x"}');
});
