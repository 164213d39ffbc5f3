import { figureLook, graphLook, type Json, refOf, type Step } from './looks.ts';
import { type Panel, PROMETHEUS, type PromQuery } from './model.ts';

/** Where a panel of Prometheus is, and what it says. */
export interface PrometheusPanel {
  title: string;
  /** What it shows, and when to worry. */
  description: string;
  /** Grafana's name of the unit, such as `s`. @default none */
  unit?: string;
  width: number;
  height: number;
}

/** A figure as it is now. @param steps bounds and their colours */
export function state(
  expr: string,
  options: PrometheusPanel & { steps: readonly Step[]; mappings?: readonly object[] },
): Panel {
  const { steps, mappings } = options;
  const look = figureLook('green', { steps }, { ...unitOf(options), ...(mappings ? { mappings } : {}) });
  return panel('stat', [{ expr, legend: options.title }], options, look, { instant: true });
}

/** Figures over time. */
export function course(
  queries: readonly PromQuery[],
  options: PrometheusPanel & { colors?: readonly string[] },
): Panel {
  const look = graphLook(options, { ...unitOf(options), min: 0 });
  return panel('timeseries', queries, options, look, { range: true });
}

const unitOf = ({ unit }: PrometheusPanel): Json => (unit === undefined ? {} : { unit });

function panel(
  type: string,
  queries: readonly PromQuery[],
  { title, description, width, height }: PrometheusPanel,
  look: Json,
  how: Json,
): Panel {
  const targets = queries.map(({ expr, legend }, index) => ({
    refId: refOf(index),
    datasource: PROMETHEUS,
    expr,
    legendFormat: legend,
    ...how,
  }));
  return { title, width, height, json: { type, description, datasource: PROMETHEUS, targets, ...look } };
}
