import type { Catalog, MetricSpec } from '@storepulse/contracts';

/** What is asked for: metrics that are stored, quantiles of those that are distributions, and metrics over facts. */
export interface Asked {
  readonly metric: string;
  readonly dimension: string;
  readonly isMoney: boolean;
  readonly isOfFacts: boolean;
}

/** A figure that is not compared. */
export interface LeftOut {
  readonly metric: string;
  readonly dimension: string;
  readonly why: string;
}

/** What is computed from others is as right as these are. */
const COMPUTED: readonly MetricSpec['kind'][] = ['derived', 'ratio'];

/** Why a figure of a catalogue is not compared; undefined: it is. */
function whyLeftOut(metric: MetricSpec, dimension: string): string | undefined {
  if (metric.kind === 'stored' && metric.measure === 'distribution') return 'its quantiles are compared';
  if (metric.kind !== 'fact') return undefined;
  if (metric.facts === 'aims') return 'the shop’s record sets it, no event is counted';
  if (metric.facts === 'products') return 'it is told of now alone';
  return dimension === 'segment' ? 'a segment changes with time alone' : undefined;
}

/** What of a catalogue is compared, each metric whole and by each of its dimensions, and what is not, with the reason. */
export function askedOf(catalog: Catalog): { readonly asked: Asked[]; readonly leftOut: LeftOut[] } {
  const asked: Asked[] = [];
  const leftOut: LeftOut[] = [];
  for (const metric of catalog.metrics.values()) {
    if (COMPUTED.includes(metric.kind)) continue;
    for (const dimension of ['total', ...catalog.dimensionsOf(metric)]) {
      const why = whyLeftOut(metric, dimension);
      if (why !== undefined) leftOut.push({ metric: metric.name, dimension, why });
      else
        asked.push({
          metric: metric.name,
          dimension,
          isMoney: metric.unit === 'money',
          isOfFacts: metric.kind === 'fact',
        });
    }
  }
  return { asked, leftOut };
}
