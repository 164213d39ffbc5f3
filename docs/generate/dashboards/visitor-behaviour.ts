import { dashboard } from './dashboard.ts';
import { betterFrom, worseFrom } from './looks.ts';
import { bars, figure, graph, heading } from './panels.ts';
import { table } from './tables.ts';
import { variablesOf } from './variables.ts';

const stat = { width: 4, height: 4 };
const half = { width: 12, height: 8 };
const third = { width: 8, height: 8 };
const products = { width: 8, height: 10 };
const overRange = 'Over the time range.';
const judged = 'Judged once a visit has been silent for half an hour.';

/** What visitors do, how far they get, and where they give up. */
export const visitorBehaviour = () =>
  dashboard({
    uid: 'visitor-behaviour',
    title: 'Visitor behaviour',
    description: 'What visitors do, how far they get, and where they give up',
    refresh: '30s',
    from: 'now-7d',
    variables: variablesOf(),
    rows: [
      [
        figure({ metric: 'sessions' }, { title: 'Sessions', note: overRange, color: 'blue', ...stat }),
        figure(
          { metric: 'session_conversion' },
          { title: 'Conversion', note: `${overRange} Orange below 2 %, red below 1 %.`, ...stat },
          betterFrom(0.01, 0.02),
        ),
        figure(
          { metric: 'bounce_rate' },
          { title: 'Bounce rate', note: `${judged} Orange from 50 %, red from 70 %.`, ...stat },
          worseFrom(0.5, 0.7),
        ),
        figure(
          { metric: 'cart_abandonment' },
          {
            title: 'Left carts',
            note: `${judged} Around 70 % is usual. Orange from 75 %, red from 85 %.`,
            ...stat,
          },
          worseFrom(0.75, 0.85),
        ),
        figure(
          { metric: 'checkout_abandonment' },
          { title: 'Left checkouts', note: `${judged} Orange from 50 %, red from 70 %.`, ...stat },
          worseFrom(0.5, 0.7),
        ),
        figure(
          { metric: 'no_result_rate' },
          {
            title: 'Found nothing',
            note: `${overRange} Searches without a result. Orange from 10 %, red from 20 %.`,
            ...stat,
          },
          worseFrom(0.1, 0.2),
        ),
      ],
      [
        bars(
          [
            { metric: 'sessions' },
            { metric: 'viewing_sessions' },
            { metric: 'cart_sessions' },
            { metric: 'checkout_sessions' },
            { metric: 'converted_sessions' },
          ],
          {
            title: 'Open funnel: visits that did it at all',
            note: 'In whatever order: some visits order without a cart before.',
            names: ['Visits', 'Viewed', 'Cart', 'Checkout', 'Ordered'],
            color: 'blue',
            ...half,
          },
        ),
        bars(
          [
            { metric: 'viewing_sessions' },
            { metric: 'funnel_cart_sessions' },
            { metric: 'funnel_checkout_sessions' },
            { metric: 'funnel_order_sessions' },
          ],
          {
            title: 'Closed funnel: visits that did one after the other',
            note: 'Each step counts only after the one before.',
            names: ['Viewed', '… then cart', '… then checkout', '… then ordered'],
            color: 'purple',
            ...half,
          },
        ),
      ],
      [
        graph(
          [
            { metric: 'funnel_view_to_cart' },
            { metric: 'funnel_cart_to_checkout' },
            { metric: 'funnel_checkout_to_order' },
          ],
          {
            title: 'From step to step',
            note: 'The closed funnel: which share of the visits that got to a step went on to the next.',
            colors: ['blue', 'orange', 'green'],
            points: 30,
            ...half,
          },
        ),
        graph(
          [{ metric: 'cart_abandonment' }, { metric: 'checkout_abandonment' }, { metric: 'bounce_rate' }],
          {
            title: 'Given up',
            note: judged,
            colors: ['orange', 'red', 'purple'],
            points: 30,
            ...half,
          },
        ),
      ],
      [
        bars([{ metric: 'session_conversion', groupBy: 'device' }], {
          title: 'Conversion by device',
          note: 'Devices in order of their visits.',
          ...third,
        }),
        bars([{ metric: 'session_conversion', groupBy: 'channel' }], {
          title: 'Conversion by channel',
          note: 'Channels in order of their visits.',
          ...third,
        }),
        bars([{ metric: 'sessions', groupBy: 'country', limit: 6 }], {
          title: 'Sessions by country',
          note: 'The six greatest; the rest is summed as “other”.',
          color: 'blue',
          ...third,
        }),
      ],
      [
        graph([{ metric: 'time_to_purchase_p50' }, { metric: 'time_to_purchase_p90' }], {
          title: 'Time to purchase',
          note: 'Half of the buyers order within the lower line, nine in ten within the upper.',
          colors: ['green', 'orange'],
          points: 30,
          ...third,
        }),
        graph([{ metric: 'searches' }, { metric: 'failed_searches' }], {
          title: 'Searches',
          colors: ['blue', 'red'],
          points: 60,
          ...third,
        }),
        graph([{ metric: 'view_duration_p50' }, { metric: 'view_duration_p90' }], {
          title: 'How long products are looked at',
          colors: ['green', 'orange'],
          points: 30,
          ...third,
        }),
      ],
      [heading('Products')],
      [
        table(
          { metric: 'product_views', groupBy: 'sku', limit: 10 },
          {
            title: 'Most viewed',
            note: 'The ten most viewed products; the rest is summed as “other”.',
            color: 'blue',
            ...products,
          },
        ),
        table(
          { metric: 'cart_adds', groupBy: 'sku', limit: 10 },
          {
            title: 'Most put into carts',
            note: 'The ten products put into carts most often; the rest is summed as “other”.',
            color: 'purple',
            ...products,
          },
        ),
        table(
          { metric: 'view_to_buy', groupBy: 'sku', limit: 10 },
          {
            title: 'View to buy',
            note: 'The ten most viewed products: how many order lines come to one view.',
            ...products,
          },
        ),
      ],
      [
        bars([{ metric: 'average_rating', groupBy: 'category' }], {
          title: 'Rating by category',
          note: 'Categories in order of their reviews.',
          color: 'yellow',
          max: 5,
          ...half,
        }),
        graph([{ metric: 'reviews' }, { metric: 'wishlist_adds' }], {
          title: 'Reviews and wishes',
          colors: ['yellow', 'purple'],
          points: 30,
          ...half,
        }),
      ],
    ],
  });
