import { t } from '../i18n';
/** A query to begin with. */
export interface QueryExample {
  title: string;
  what: string;
  /** As a text; the shop is that of the query it replaces. */
  code: string;
}

/** What can be asked, one of each kind. */
export const QUERY_EXAMPLES: readonly QueryExample[] = [
  {
    title: t('Net sales over time'),
    what: 'A value per bucket; the bucket’s width fits the panel.',
    code: 'net_sales',
  },
  {
    title: t('The best five countries by day'),
    what: 'The largest values are kept, the rest is summed as “other”. Days are those of the shop’s time zone.',
    code: 'net_sales by country every 1d top 5',
  },
  {
    title: t('Orders by device, two of them'),
    what: 'Figures are kept by one dimension at a time: filters go with the dimension that is grouped by.',
    code: 'orders by device where device in ("mobile", "tablet")',
  },
  {
    title: t('A table of products'),
    what: 'One row per value over the whole range, with all digits.',
    code: 'units by sku top 20 as table exact',
  },
  {
    title: t('Sales beside orders'),
    what: 'Several metrics in one table, a column for each: the countries are the greatest by the first.',
    code: 'net_sales, orders, aov by country top 10 as table',
  },
  {
    title: t('Where the money comes from'),
    what: 'Each country with its part of the whole.',
    code: 'net_sales by country share as table',
  },
  {
    title: t('The day’s sales so far'),
    what: 'Running totals: each bucket holds all from the first one up to it.',
    code: 'net_sales every 1h cumulative',
  },
  {
    title: t('This week beside the last'),
    what: 'The values of an earlier time are dotted lines; a table has the difference and the change.',
    code: 'net_sales every 1h vs previous_week',
  },
  {
    title: t('A lifetime value'),
    what: 'Everything since the shop’s first day, whatever the range.',
    code: 'net_sales every all',
  },
  {
    title: t('How long checkouts take, all of them'),
    what: 'A heat map: how many values each bucket of time has in each range of values.',
    code: 'distribution checkout_latency',
  },
  {
    title: t('How far visits get'),
    what: 'One funnel for each device, of the visits that began in the range. Visits are filtered by several dimensions at once.',
    code: 'funnel (visited, viewed, carted, checkout, ordered) by device where channel = "email"',
  },
  {
    title: t('Who comes back'),
    what: 'Customers by the month of their first order, and which share of them ordered again in each month after it.',
    code: 'cohort months 6 share',
  },
  {
    title: t('What happened, one by one'),
    what: 'Orders, payments, refunds and reviews as log lines. In their details a value is filtered for or out, and an order leads to its events.',
    code: 'events where type in ("payment_failed", "order_cancelled")',
  },
  {
    title: t('The largest orders'),
    what: 'Records as a table. Customers, products and reviews are listed likewise, and searched: records products search "mug".',
    code: 'records orders sort -total first 20',
  },
  {
    title: t('A variable of the dashboard'),
    what: 'One with several values stands for all of them; All takes the filter away.',
    code: 'orders where country = $country',
  },
];
