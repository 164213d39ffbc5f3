import { customers } from './customers.ts';
import { live } from './live.ts';
import { operations } from './operations.ts';
import { pipelineHealth } from './pipeline-health.ts';
import { products } from './products.ts';
import { sales } from './sales.ts';
import { shopOverview } from './shop-overview.ts';
import { visitorBehaviour } from './visitor-behaviour.ts';

/** All dashboards, by the name of their file in provisioning/grafana/dashboards/. */
export const dashboards = (): Readonly<Record<string, object>> => ({
  'customers.json': customers(),
  'live.json': live(),
  'operations.json': operations(),
  'pipeline-health.json': pipelineHealth(),
  'products.json': products(),
  'sales.json': sales(),
  'shop-overview.json': shopOverview(),
  'visitor-behaviour.json': visitorBehaviour(),
});
