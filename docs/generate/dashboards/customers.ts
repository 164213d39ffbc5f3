import { dashboard } from './dashboard.ts';
import { betterFrom } from './looks.ts';
import { bars, figure, graph } from './panels.ts';
import { cohorts } from './tables.ts';
import { variablesOf } from './variables.ts';

const stat = { width: 4, height: 4 };
const half = { width: 12, height: 9 };
const third = { width: 8, height: 9 };
const overRange = 'Over the time range.';
const toEnd = 'Up to the end of the time range.';
const SEGMENTS =
  'By recency and frequency: ordered within 90 days: new (one order), loyal (two to four), champion (five and more); within a year: one_time, at_risk; longer ago: lost.';

/** Who buys for the first time, who comes back, and what a customer is worth. */
export const customers = () =>
  dashboard({
    uid: 'customers',
    title: 'Customers',
    description: 'Who buys for the first time, who comes back, and what a customer is worth',
    refresh: '5m',
    from: 'now-90d',
    variables: variablesOf(),
    rows: [
      [
        figure({ metric: 'customers_to_date' }, { title: 'Customers', note: toEnd, color: 'blue', ...stat }),
        figure(
          { metric: 'ordering_customers' },
          { title: 'Ordered', note: overRange, color: 'blue', ...stat },
        ),
        figure({ metric: 'new_customers' }, { title: 'New customers', note: overRange, ...stat }),
        figure({ metric: 'new_customer_share' }, { title: 'Share of new', note: overRange, ...stat }),
        figure(
          { metric: 'repeat_purchase_rate' },
          {
            title: 'Repeat rate',
            note: `${toEnd} Orange below 25 %, red below 15 %.`,
            ...stat,
          },
          betterFrom(0.15, 0.25),
        ),
        figure(
          { metric: 'sales_per_customer' },
          { title: 'Sales each', note: toEnd, color: 'purple', ...stat },
        ),
      ],
      [
        graph([{ metric: 'new_customers' }, { metric: 'returning_customers' }], {
          title: 'New and returning customers',
          note: 'Customers with an order in each bucket, by whether it was their first.',
          bars: 'stacked',
          colors: ['green', 'blue'],
          points: 60,
          ...half,
        }),
        graph([{ metric: 'sales_per_customer' }], {
          title: 'Sales per customer to date',
          note: 'Lifetime value as it grows.',
          colors: ['purple'],
          points: 120,
          ...half,
        }),
      ],
      [
        cohorts({
          title: 'Cohorts: who comes back',
          note: 'A row for the customers whose first order fell in a month, a column for each month since: which share of them ordered in it. Months are the shop’s.',
          width: 24,
          height: 8,
        }),
      ],
      [
        bars([{ metric: 'customers_to_date', groupBy: 'segment' }], {
          title: 'Customers by segment',
          note: `${toEnd} ${SEGMENTS}`,
          color: 'blue',
          ...third,
        }),
        bars([{ metric: 'sales_per_customer', groupBy: 'segment' }], {
          title: 'Sales per customer by segment',
          note: toEnd,
          color: 'purple',
          ...third,
        }),
        bars([{ metric: 'repeat_purchase_rate', groupBy: 'channel' }], {
          title: 'Repeat purchase rate by channel',
          note: `${toEnd} The channel is that of a customer’s first order.`,
          ...third,
        }),
      ],
    ],
  });
