import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countersIn } from './counters.ts';

test('the counters of shops are read, gauges and counters of processes are not', () => {
  const text = [
    '# TYPE storepulse_orders counter',
    'storepulse_orders_total{shop="uk"} 12',
    '# TYPE storepulse_gross_sales_total counter',
    'storepulse_gross_sales_total{shop="uk"} 1.5',
    '# TYPE storepulse_net_sales gauge',
    'storepulse_net_sales{shop="uk"} 7',
    '# TYPE process_cpu_seconds_total counter',
    'process_cpu_seconds_total 3',
  ].join('\n');
  assert.deepEqual(
    countersIn(text),
    new Map([
      ['storepulse_orders_total{shop="uk"}', 12],
      ['storepulse_gross_sales_total{shop="uk"}', 1.5],
    ]),
  );
});
