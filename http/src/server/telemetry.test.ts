import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { measureProcess } from './telemetry.ts';

test('every registry tells of the process, which is measured once', async () => {
  const [one, other] = [new Registry(), new Registry()];
  measureProcess(one);
  measureProcess(other);
  const names = one.getMetricsAsArray().map(({ name }) => name);
  for (const name of ['process_cpu_seconds_total', 'nodejs_eventloop_lag_p99_seconds'])
    assert.ok(names.includes(name), name);
  for (const name of names) assert.equal(one.getSingleMetric(name), other.getSingleMetric(name), name);
  assert.match(await other.metrics(), /^process_resident_memory_bytes \d+$/m);
});

test('what promtool refuses is left out', () => {
  const registry = new Registry();
  measureProcess(registry);
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  assert.deepEqual(
    names.filter((name) => /utilization|^nodejs_active_\w+_total$/.test(name)),
    [],
  );
});
