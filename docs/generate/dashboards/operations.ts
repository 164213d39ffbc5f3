import { dashboard } from './dashboard.ts';
import { worseFrom } from './looks.ts';
import { bars, figure, graph } from './panels.ts';
import { variablesOf } from './variables.ts';

const stat = { width: 4, height: 4 };
const half = { width: 12, height: 8 };
const third = { width: 8, height: 7 };
const quarter = { width: 6, height: 8 };

/** Whether the shop works: payments, the speed of the checkout, errors of its services, stock. */
export const operations = () =>
  dashboard({
    uid: 'operations',
    title: 'Operations',
    description: 'Payments, the speed of the checkout, errors of the shop’s services, and stock',
    refresh: '10s',
    from: 'now-24h',
    variables: variablesOf(),
    rows: [
      [
        figure(
          { metric: 'payment_failure_rate' },
          {
            title: 'Failed payments',
            note: 'Per attempt, over the time range. Orange from 8 %, red from 15 %.',
            ...stat,
          },
          worseFrom(0.08, 0.15),
        ),
        figure(
          { metric: 'payment_failure_rate_by_order' },
          {
            title: 'Orders not paid',
            note: 'Per order, over the time range: a second attempt that succeeds heals the first. Orange from 3 %, red from 8 %.',
            ...stat,
          },
          worseFrom(0.03, 0.08),
        ),
        figure(
          { metric: 'checkout_latency_p95' },
          {
            title: 'Checkout, p95',
            note: 'How long a step takes; 95 of 100 are quicker. Over the time range. Orange from 1 s, red from 3 s.',
            ...stat,
          },
          worseFrom(1_000, 3_000),
        ),
        figure(
          { metric: 'log_error_rate' },
          { title: 'Log error rate', note: 'Over the time range. Orange from 2 %, red from 5 %.', ...stat },
          worseFrom(0.02, 0.05),
        ),
        figure(
          { metric: 'products_out_of_stock' },
          {
            title: 'Out of stock',
            note: 'Products of which none is left now. Orange from 1, red from 20.',
            ...stat,
          },
          worseFrom(1, 20),
        ),
        figure(
          { metric: 'active_visitors' },
          {
            title: 'Active visitors',
            note: 'Over the last five minutes.',
            last: '5m',
            color: 'yellow',
            ...stat,
          },
        ),
      ],
      [
        graph([{ metric: 'payment_attempts' }, { metric: 'failed_payments' }], {
          title: 'Payment attempts',
          colors: ['blue', 'red'],
          points: 60,
          ...half,
        }),
        graph([{ metric: 'payment_failure_rate', groupBy: 'payment_method' }], {
          title: 'Payment failure rate by method',
          note: 'Per attempt.',
          points: 30,
          ...half,
        }),
      ],
      [
        graph(
          [
            { metric: 'checkout_latency_p50' },
            { metric: 'checkout_latency_p95' },
            { metric: 'checkout_latency_p99' },
          ],
          {
            title: 'Checkout latency',
            note: 'Half of the steps are answered within the lowest line, 95 and 99 in a hundred within the others.',
            colors: ['green', 'orange', 'red'],
            points: 60,
            ...half,
          },
        ),
        bars([{ metric: 'checkout_latency_p95', groupBy: 'step' }], {
          title: 'Checkout latency by step, p95',
          note: 'Over the time range.',
          color: 'orange',
          ...quarter,
        }),
        bars([{ metric: 'payment_failure_rate_by_order', groupBy: 'payment_method' }], {
          title: 'Orders not paid by method',
          note: 'The method is that of an order’s first attempt.',
          color: 'red',
          ...quarter,
        }),
      ],
      [
        graph([{ metric: 'log_errors', groupBy: 'shop_service' }], {
          title: 'Log errors by service',
          bars: 'stacked',
          points: 60,
          ...half,
        }),
        graph([{ metric: 'service_latency_p95', groupBy: 'shop_service' }], {
          title: 'Service latency, p95',
          points: 30,
          ...half,
        }),
      ],
      [
        graph([{ metric: 'stock_outs' }], {
          title: 'Stock-outs',
          bars: true,
          colors: ['orange'],
          points: 90,
          ...third,
        }),
        bars([{ metric: 'products_out_of_stock', groupBy: 'category' }], {
          title: 'Products out of stock by category',
          note: 'Now.',
          color: 'orange',
          ...third,
        }),
        graph([{ metric: 'refunds' }, { metric: 'cancellations' }], {
          title: 'Refunds and cancelled orders',
          bars: true,
          colors: ['orange', 'red'],
          points: 40,
          ...third,
        }),
      ],
    ],
  });
