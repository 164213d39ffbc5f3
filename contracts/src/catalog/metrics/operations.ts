import { metric } from '../expressions.ts';
import type { MetricSpec } from '../model.ts';
import * as sources from '../sources.ts';
import { quantileOf, ratio, stored } from './declare.ts';

const serviceLatency = stored({
  name: 'service_latency',
  title: 'Service latency',
  synonyms: ['response time', 'performance'],
  group: 'operations',
  unit: 'milliseconds',
  better: 'down',
  description: 'Time a service took, as its log lines tell',
  source: sources.logLine,
  measure: 'distribution',
  of: { field: 'latencyMs' },
  dimensions: ['shop_service'],
});

/** The shop’s own services, as their logs tell. */
export const operations: readonly MetricSpec[] = [
  stored({
    name: 'log_lines',
    title: 'Log lines',
    group: 'operations',
    unit: 'count',
    better: 'neutral',
    description: 'Lines that services wrote into their logs',
    source: sources.logLine,
    measure: 'count',
  }),
  stored({
    name: 'log_errors',
    title: 'Log errors',
    synonyms: ['failures', 'exceptions'],
    group: 'operations',
    unit: 'count',
    better: 'down',
    description: 'Lines of level error that services wrote into their logs',
    source: sources.logLine,
    measure: 'count',
    where: { equals: [{ field: 'level' }, 'error'] },
  }),
  serviceLatency,
  ...quantileOf(serviceLatency, [0.5, 0.95, 0.99]),
  ratio({
    name: 'log_error_rate',
    title: 'Log error rate',
    synonyms: ['failure rate'],
    unit: 'ratio',
    better: 'down',
    description: 'Log errors ÷ log lines',
    numerator: metric('log_errors'),
    denominator: metric('log_lines'),
  }),
];
