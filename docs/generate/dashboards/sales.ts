import { dashboard } from './dashboard.ts';
import { worseFrom } from './looks.ts';
import { bars, figure, graph } from './panels.ts';
import { hoursByWeekday, table } from './tables.ts';
import { variablesOf } from './variables.ts';

const stat = { width: 4, height: 4 };
const wider = { width: 5, height: 4 };
const third = { width: 8, height: 9 };
const wide = { width: 14, height: 13 };

/** What was sold, against the week before; where, how, and which products. */
export const sales = () =>
  dashboard({
    uid: 'sales',
    title: 'Sales',
    description: 'What was sold, against the week before; where, by which way, and which products',
    refresh: '1m',
    from: 'now-14d',
    variables: variablesOf(),
    rows: [
      [
        figure({ metric: 'net_sales' }, { title: 'Net sales', ...wider }),
        figure(
          { metric: 'sales_target' },
          {
            title: 'Target',
            note: 'Of the range up to now, for the whole shop: compare it with the net sales beside it.',
            color: 'orange',
            ...wider,
          },
        ),
        figure({ metric: 'aov' }, { title: 'Average order value', color: 'purple', ...wider }),
        figure({ metric: 'orders' }, { title: 'Orders', color: 'blue', ...stat }),
        figure(
          { metric: 'return_rate' },
          { title: 'Returned', note: 'Green below 12 %, orange from 12 %, red from 20 %.', ...wider },
          worseFrom(0.12, 0.2),
        ),
      ],
      [
        graph(
          [
            { metric: 'net_sales', interval: '1d', compareTo: 'previous_week' },
            { metric: 'sales_target', interval: '1d' },
          ],
          {
            title: 'Net sales, those of the week before, and the target',
            note: 'Days of the shop. Dotted: the same days of the week before.',
            colors: ['green', 'orange'],
            width: 13,
            height: 9,
          },
        ),
        graph([{ metric: 'orders', interval: '1d' }], {
          title: 'Orders by day',
          note: 'Days of the shop; the last one is still filling.',
          bars: true,
          colors: ['blue'],
          width: 7,
          height: 9,
        }),
        [
          figure(
            { metric: 'units_per_order' },
            { title: 'Units per order', color: 'purple', width: 4, height: 5 },
          ),
          figure({ metric: 'discounts' }, { title: 'Discounts', color: 'blue', ...stat }),
        ],
      ],
      [
        bars([{ metric: 'net_sales', groupBy: 'country', limit: 8 }], {
          title: 'Net sales by country',
          note: 'The eight largest; the rest is summed as “other”.',
          ...third,
        }),
        bars([{ metric: 'net_sales', groupBy: 'channel' }], { title: 'Net sales by channel', ...third }),
        bars([{ metric: 'net_sales', groupBy: 'category', limit: 8 }], {
          title: 'Net sales by category',
          note: 'The eight largest.',
          ...third,
        }),
      ],
      [
        graph([{ metric: 'orders', groupBy: 'device', interval: '1d' }], {
          title: 'Orders by device',
          note: 'By day.',
          ...third,
        }),
        graph([{ metric: 'aov', interval: '1d' }], {
          title: 'Average order value by day',
          note: 'Days of the shop; a day without orders has none.',
          colors: ['purple'],
          ...third,
        }),
        graph(
          [
            { metric: 'discounts', interval: '1d' },
            { metric: 'returns', interval: '1d' },
          ],
          {
            title: 'Discounts and returns',
            note: 'By day.',
            colors: ['blue', 'orange'],
            ...third,
          },
        ),
      ],
      [
        hoursByWeekday('orders', {
          title: 'When orders come',
          note: 'Hours and weekdays of the shop’s clocks, over the whole range: the darker, the more orders.',
          width: 10,
          height: 26,
        }),
        [
          table(
            { metric: 'net_sales', groupBy: 'sku', limit: 8, share: true },
            {
              title: 'Top products',
              note: 'The eight with most net sales, with their shares of the total; the rest is summed as “other”. A click on a product shows it alone.',
              ...wide,
            },
          ),
          table(
            { metric: 'returns', groupBy: 'sku', limit: 8 },
            {
              title: 'Most returned',
              note: 'The eight of which most was given back, by value; the rest is summed as “other”.',
              color: 'orange',
              ...wide,
            },
          ),
        ],
      ],
    ],
  });
