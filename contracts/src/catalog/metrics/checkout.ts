import { metric } from '../expressions.ts';
import type { MetricSpec } from '../model.ts';
import * as sources from '../sources.ts';
import { quantileOf, ratio, stored } from './declare.ts';

const checkoutLatency = stored({
  name: 'checkout_latency',
  title: 'Checkout latency',
  group: 'checkout',
  unit: 'milliseconds',
  better: 'down',
  description: 'Time the shop took to answer a step of the checkout',
  source: sources.checkoutStep,
  measure: 'distribution',
  of: (event) => event.latencyMs,
  dimensions: ['step', 'device'],
});

/** The checkout and the payments. */
export const checkout: readonly MetricSpec[] = [
  stored({
    name: 'checkouts',
    title: 'Checkouts',
    group: 'checkout',
    unit: 'count',
    better: 'up',
    description: 'Times a checkout was started',
    source: sources.checkout,
    measure: 'count',
  }),
  stored({
    name: 'checkout_steps',
    title: 'Checkout steps',
    group: 'checkout',
    unit: 'count',
    better: 'up',
    description: 'Steps of the checkout that were completed',
    source: sources.checkoutStep,
    measure: 'count',
  }),
  checkoutLatency,
  ...quantileOf(checkoutLatency, [0.5, 0.95, 0.99]),
  stored({
    name: 'payment_attempts',
    title: 'Payment attempts',
    group: 'checkout',
    unit: 'count',
    better: 'neutral',
    description: 'Distinct attempts to pay, by payment id within the shop',
    source: sources.payment,
    measure: 'count',
  }),
  stored({
    name: 'failed_payments',
    title: 'Failed payments',
    group: 'checkout',
    unit: 'count',
    better: 'down',
    description: 'Distinct attempts to pay that failed',
    source: sources.payment,
    measure: 'count',
    of: (event) => (event.type === 'payment_failed' ? 1 : null),
  }),
  stored({
    name: 'payments_authorized',
    title: 'Payments authorized',
    group: 'checkout',
    unit: 'money',
    better: 'up',
    description: 'Σ amounts of attempts to pay that succeeded',
    source: sources.payment,
    measure: 'sum',
    of: (event) => (event.type === 'payment_authorized' ? event.amount : null),
  }),
  ratio({
    name: 'payment_failure_rate',
    title: 'Payment failure rate',
    unit: 'ratio',
    better: 'down',
    description: 'Failed payments ÷ payment attempts',
    numerator: metric('failed_payments'),
    denominator: metric('payment_attempts'),
  }),
];
