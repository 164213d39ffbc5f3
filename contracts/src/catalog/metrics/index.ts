import type { Area, MetricSpec } from '../model.ts';
import { audience } from './audience.ts';
import { behaviour } from './behaviour.ts';
import { checkout } from './checkout.ts';
import { customers } from './customers.ts';
import { operations } from './operations.ts';
import { sales } from './sales.ts';
import { visits } from './visits.ts';

const about = (area: Area, metrics: readonly MetricSpec[]): MetricSpec[] =>
  metrics.map((metric) => ({ ...metric, area }));

/** Every metric of the product, each declared once; everything else is derived from these lines. */
export const metrics: readonly MetricSpec[] = [
  ...about('Sales', sales),
  ...about('Audience', audience),
  ...about('Visits and funnel', visits),
  ...about('Products and behaviour', behaviour),
  ...about('Checkout and payments', checkout),
  ...about('Operations', operations),
  ...about('Customers', customers),
];
