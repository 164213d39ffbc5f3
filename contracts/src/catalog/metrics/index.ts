import type { MetricSpec } from '../model.ts';
import { audience } from './audience.ts';
import { behaviour } from './behaviour.ts';
import { checkout } from './checkout.ts';
import { customers } from './customers.ts';
import { operations } from './operations.ts';
import { sales } from './sales.ts';
import { visits } from './visits.ts';

/** Every metric of the product, each declared once; everything else is derived from these lines. */
export const metrics: readonly MetricSpec[] = [
  ...sales,
  ...audience,
  ...visits,
  ...behaviour,
  ...checkout,
  ...operations,
  ...customers,
];
