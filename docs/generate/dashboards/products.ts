import { dashboard } from './dashboard.ts';
import { betterFrom } from './looks.ts';
import type { ShopQuery } from './model.ts';
import { bars, figure, graph } from './panels.ts';
import { table } from './tables.ts';
import { oneOf, variablesOf } from './variables.ts';

const stat = { width: 4, height: 4 };
const half = { width: 12, height: 9 };
const third = { width: 8, height: 11 };
const only = { dimension: 'sku', variable: 'product' };
const ofProduct = (metric: string, interval?: string): ShopQuery => ({
  metric,
  only,
  ...(interval ? { interval } : {}),
});

/** One product: what it sells, how it is looked at, what is left of it; and the shop's best beside it. */
export const products = () =>
  dashboard({
    uid: 'products',
    title: 'Products',
    description: 'One product: what it sells, how often it is looked at, what is left of it',
    refresh: '1m',
    from: 'now-30d',
    variables: variablesOf(oneOf('product', 'sku', 'Product', 'The product that the upper panels show')),
    rows: [
      [
        figure(ofProduct('net_sales'), { title: 'Net sales', ...stat }),
        figure(ofProduct('units'), { title: 'Units sold', color: 'blue', ...stat }),
        figure(ofProduct('product_views'), { title: 'Product views', color: 'blue', ...stat }),
        figure(ofProduct('view_to_buy'), { title: 'View to buy', color: 'purple', ...stat }),
        figure(ofProduct('average_rating'), {
          title: 'Average rating',
          color: 'purple',
          note: 'A dash: nobody has reviewed it in the range.',
          ...stat,
        }),
        figure(
          { metric: 'stock', groupBy: 'sku', only },
          { title: 'In stock', note: 'Told last in the range. A dash: it was not told.', ...stat },
          betterFrom(1, 10),
        ),
      ],
      [
        graph([ofProduct('net_sales', '1d')], {
          title: 'Its net sales by day',
          bars: true,
          colors: ['green'],
          ...half,
        }),
        graph([ofProduct('product_views', '1d'), ofProduct('cart_adds', '1d'), ofProduct('units', '1d')], {
          title: 'Looked at, put into carts, sold',
          note: 'By day.',
          colors: ['blue', 'orange', 'green'],
          ...half,
        }),
      ],
      [
        table(
          { metric: 'units', groupBy: 'sku', limit: 8 },
          {
            title: 'Most sold',
            note: 'Of the shop, by units; the rest is summed as “other”. A click on a product shows it above.',
            ...third,
          },
        ),
        table(
          { metric: 'product_views', groupBy: 'sku', limit: 8 },
          {
            title: 'Most viewed',
            note: 'Of the shop; the rest is summed as “other”.',
            color: 'blue',
            ...third,
          },
        ),
        bars([{ metric: 'units', groupBy: 'category', limit: 8 }], {
          title: 'Units by category',
          note: 'Of the shop, the eight largest.',
          color: 'blue',
          ...third,
        }),
      ],
    ],
  });
