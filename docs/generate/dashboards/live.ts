import { dashboard } from './dashboard.ts';
import { worseFrom } from './looks.ts';
import { countryMap } from './maps.ts';
import { bars, figure, graph, today } from './panels.ts';
import { latestOrders, table } from './tables.ts';
import { variablesOf } from './variables.ts';

const stat = { width: 4, height: 5 };
const half = { width: 12, height: 9 };
const third = { width: 8, height: 10 };

/** What happens just now, for a screen on the wall. */
export const live = () =>
  dashboard({
    uid: 'live',
    title: 'Live',
    description: 'Visits and orders as they come, for a screen on the wall',
    refresh: '5s',
    from: 'now-3h',
    variables: variablesOf(),
    rows: [
      [
        figure(
          { metric: 'active_sessions' },
          { title: 'Visits now', note: 'Of the last half hour.', last: '30m', color: 'blue', ...stat },
        ),
        figure({ metric: 'sessions' }, { title: 'Visits', color: 'blue', ...stat }),
        today({ metric: 'orders' }, { title: 'Orders today', ...stat }),
        today({ metric: 'net_sales' }, { title: 'Sales today', ...stat }),
        today({ metric: 'session_conversion' }, { title: 'Conversion', color: 'purple', ...stat }),
        figure(
          { metric: 'payment_failure_rate' },
          {
            title: 'Failed payments',
            note: 'Over the last 24 hours. Green below 20 %, orange from 20 %, red from 50 %.',
            last: '24h',
            ...stat,
          },
          worseFrom(0.2, 0.5),
        ),
      ],
      [
        graph([{ metric: 'sessions', interval: '5m' }], {
          title: 'Visits as they come',
          note: 'By five minutes.',
          bars: true,
          colors: ['blue'],
          ...half,
        }),
        graph([{ metric: 'orders', interval: '1h' }], {
          title: 'Orders as they come',
          note: 'By hours, over the last 24.',
          last: '24h',
          bars: true,
          colors: ['green'],
          ...half,
        }),
      ],
      [
        countryMap('sessions', {
          title: 'Where visits come from',
          note: 'Countries of the visits of the last 24 hours: the stronger, the more.',
          last: '24h',
          width: 16,
          height: 12,
        }),
        bars([{ metric: 'orders', groupBy: 'country', limit: 8 }], {
          title: 'Where orders come from',
          note: 'Over the last 24 hours, the eight countries with most; the rest is summed as “other”.',
          last: '24h',
          width: 8,
          height: 12,
        }),
      ],
      [
        latestOrders(12, {
          title: 'The latest orders',
          note: 'Of the last 24 hours, the latest first; a click on an order leads to all that happened to it.',
          last: '24h',
          width: 16,
          height: 10,
        }),
        table(
          { metric: 'product_views', groupBy: 'sku', limit: 8 },
          { title: 'Looked at most', note: 'A click on a product shows it alone.', color: 'blue', ...third },
        ),
      ],
    ],
  });
