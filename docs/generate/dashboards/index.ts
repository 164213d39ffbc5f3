import { live } from './live.ts';
import { pipelineHealth } from './pipeline-health.ts';
import { products } from './products.ts';
import { sales } from './sales.ts';

/** The dashboards that are made from builders, by the name of their file in provisioning/grafana/dashboards/. */
export const dashboards = (): Readonly<Record<string, object>> => ({
  'live.json': live(),
  'pipeline-health.json': pipelineHealth(),
  'products.json': products(),
  'sales.json': sales(),
});
