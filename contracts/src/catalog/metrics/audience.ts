import { metric, subtract } from '../expressions.ts';
import type { MetricSpec } from '../model.ts';
import * as sources from '../sources.ts';
import { ratio, stored } from './declare.ts';

/** Dimensions of audiences, whose sketches are too large to keep for every product. */
const AUDIENCE = ['country', 'device', 'channel'] as const;

/** Who was there and who bought. */
export const audience: readonly MetricSpec[] = [
  stored({
    name: 'customers',
    title: 'Customers',
    synonyms: ['shoppers', 'clients'],
    group: 'audience',
    unit: 'count',
    better: 'up',
    description:
      'Distinct identified customers with a transaction: an order, a return, an adjustment or a stock movement',
    source: sources.transaction,
    measure: 'distinct',
    of: { field: 'customerId' },
    dimensions: ['country'],
  }),
  stored({
    name: 'buyers',
    title: 'Buyers',
    synonyms: ['purchasers'],
    group: 'audience',
    unit: 'count',
    better: 'up',
    description: 'Distinct visitors who placed an order',
    source: sources.order,
    measure: 'distinct',
    of: { field: 'visitorId' },
    dimensions: AUDIENCE,
  }),
  stored({
    name: 'active_visitors',
    title: 'Active visitors',
    synonyms: ['users', 'unique visitors', 'online now'],
    group: 'audience',
    unit: 'count',
    better: 'up',
    description: 'Distinct visitors with any activity; over the last five minutes: active now',
    source: sources.activity,
    measure: 'distinct',
    of: { field: 'visitorId' },
    dimensions: AUDIENCE,
  }),
  stored({
    name: 'active_sessions',
    title: 'Active sessions',
    synonyms: ['live visits', 'online now'],
    group: 'audience',
    unit: 'count',
    better: 'up',
    description: 'Distinct visits with any activity; over the last thirty minutes: active now',
    source: sources.activity,
    measure: 'distinct',
    of: { field: 'sessionId' },
    dimensions: [],
  }),
  ratio({
    name: 'buyer_conversion',
    title: 'Buyers among visitors',
    synonyms: ['user conversion rate', 'CVR', 'CR'],
    unit: 'ratio',
    better: 'up',
    description: 'Distinct visitors who placed an order ÷ distinct visitors with any activity',
    numerator: metric('buyers'),
    denominator: metric('active_visitors'),
  }),
  ratio({
    name: 'sales_per_visitor',
    title: 'Sales per visitor',
    synonyms: ['RPV', 'revenue per visitor', 'revenue per user', 'ARPU'],
    unit: 'money',
    better: 'up',
    description: '(Gross sales − discounts) ÷ distinct visitors with any activity',
    numerator: subtract(metric('gross_sales'), metric('discounts')),
    denominator: metric('active_visitors'),
  }),
];
