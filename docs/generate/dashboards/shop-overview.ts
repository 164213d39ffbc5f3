import { dashboard } from './dashboard.ts';
import { bars, figure, graph, heading, lifetime, today } from './panels.ts';
import { table } from './tables.ts';
import { variablesOf } from './variables.ts';

const quarter = { width: 6, height: 4 };
const half = { width: 12, height: 11 };
const five = { width: 5, height: 5 };

/** A shop at first glance: today beside the last seven days, the best countries and products, and its lifetime. */
export const shopOverview = () =>
  dashboard({
    uid: 'shop-overview',
    title: 'Shop overview',
    description: 'Sales, conversion and behaviour of one shop at first glance',
    refresh: '10s',
    isHome: true,
    from: 'now-7d',
    variables: variablesOf(),
    rows: [
      [
        today({ metric: 'net_sales' }, { title: 'Net sales today', width: 6, height: 5 }),
        today({ metric: 'orders' }, { title: 'Orders today', color: 'blue', width: 4, height: 5 }),
        today({ metric: 'aov' }, { title: 'Order value today', color: 'purple', ...five }),
        today({ metric: 'session_conversion' }, { title: 'Conversion today', color: 'orange', ...five }),
        figure(
          { metric: 'active_sessions' },
          {
            title: 'Active sessions',
            note: 'Over the last 30 minutes.',
            last: '30m',
            color: 'yellow',
            width: 4,
            height: 5,
          },
        ),
      ],
      [
        graph([{ metric: 'net_sales' }, { metric: 'gross_sales' }], {
          title: 'Sales over time',
          colors: ['green', 'blue'],
          points: 60,
          width: 16,
          height: 9,
        }),
        bars(
          [
            { metric: 'product_views' },
            { metric: 'cart_adds' },
            { metric: 'checkouts' },
            { metric: 'orders' },
          ],
          {
            title: 'From view to order',
            note: 'Counts of events, not of visits: some orders have no cart before them.',
            color: 'blue',
            width: 8,
            height: 9,
          },
        ),
      ],
      [
        bars([{ metric: 'net_sales', groupBy: 'country', limit: 8 }], {
          title: 'Net sales by country',
          note: 'The eight largest; the rest is summed as “other”.',
          ...half,
        }),
        table(
          { metric: 'net_sales', groupBy: 'sku', limit: 8, share: true },
          {
            title: 'Top products',
            note: 'The eight products with most net sales, with their shares of the total; the rest is summed as “other”.',
            ...half,
          },
        ),
      ],
      [heading('Lifetime')],
      [
        lifetime('gross_sales', { title: 'Gross sales', ...quarter }),
        lifetime('returns', { title: 'Returns', ...quarter }),
        lifetime('net_sales', { title: 'Net sales', ...quarter }),
        lifetime('orders', { title: 'Orders', ...quarter }),
      ],
      [
        lifetime('adjustments', { title: 'Adjustments', ...quarter }),
        lifetime('net_after_adjustments', { title: 'Net sales after adjustments', ...quarter }),
        lifetime('aov', { title: 'Average order value', ...quarter }),
        lifetime('customers', { title: 'Customers', ...quarter }),
      ],
    ],
  });
