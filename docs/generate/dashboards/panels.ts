import { catalog, type MetricSpec } from '@storepulse/contracts';
import { barsLook, figureLook, type GraphLook, graphLook, type Json, refOf, type Step } from './looks.ts';
import { type OtherQuery, type Panel, type ShopQuery, STOREPULSE } from './model.ts';
import { CHOICES } from './variables.ts';

/** Where a panel is, and what is said of it beside the definitions of its metrics. */
export interface PanelOptions {
  title: string;
  /** After the definitions. @default nothing */
  note?: string;
  width: number;
  height: number;
  /** @default green */
  color?: string;
  /** A length of time that ends now, instead of the dashboard's range. */
  last?: string;
  /** What each query is called in the panel. @default the title of its metric */
  names?: readonly string[];
}

const TABLE = { format: 'table', exact: true } as const;

/** One large figure, over the whole range. */
export function figure(query: ShopQuery, options: PanelOptions, steps?: readonly Step[]): Panel {
  const { color = 'green' } = options;
  return panel('stat', [{ ...query, ...TABLE }], options, figureLook(color, { steps }));
}

/** One large figure of today so far, in the shop's zone, before the course of the last seven days. */
export function today(query: ShopQuery, options: PanelOptions): Panel {
  const { color = 'green' } = options;
  const note = 'Today so far, in the shop’s time zone; the line shows the last seven days.';
  return panel(
    'stat',
    [{ ...query, interval: '1d', exact: true }],
    { note, last: '7d', ...options },
    figureLook(color, { sparkline: true }),
  );
}

/** One large figure since the shop's first event. */
export function lifetime(metric: string, options: PanelOptions): Panel {
  const note = 'Since the shop’s first event, whatever the range.';
  return figure({ metric, interval: 'all' }, { note, color: 'text', ...options });
}

/** Lines over time, or bars. @param points buckets at most. @default one for each pixel */
export function graph(
  queries: readonly ShopQuery[],
  options: PanelOptions & GraphLook & { points?: number },
): Panel {
  const { points } = options;
  const units = new Set(queries.map(({ metric }) => metricOf(metric).unit));
  const [unit] = units.size === 1 ? units : [];
  const look = graphLook(options, axisOf(unit), points !== undefined);
  // Traffic of a minute is little: below that, lines say nothing.
  const width = points === undefined ? {} : { interval: '1m', maxDataPoints: points };
  return panel('timeseries', queries, options, { ...look, ...width });
}

/** Up to where an axis goes at least: where all is 0 it would go up to 100, and one of shares to 10,000 %. */
const LEAST_TOP: Partial<Record<MetricSpec['unit'], number>> = { ratio: 0.1, count: 4 };

/** Where the axis of a unit begins and ends. Money may be less than 0. */
function axisOf(unit: MetricSpec['unit'] | undefined): Json {
  if (unit === undefined || unit === 'money') return {};
  const axisSoftMax = LEAST_TOP[unit];
  return { min: 0, ...(axisSoftMax === undefined ? {} : { custom: { axisSoftMax } }) };
}

/** The values of a dimension as bars, or several metrics as one bar each. @param max the length of a whole bar */
export function bars(queries: readonly ShopQuery[], options: PanelOptions & { max?: number }): Panel {
  const { color = 'green', names = [], max } = options;
  const exact = queries.map((query): ShopQuery => ({ ...query, ...TABLE }));
  const isSplit = queries.some(({ groupBy }) => groupBy);
  return panel('bargauge', exact, options, barsLook(color, { names, isSplit, max }));
}

/** Makes a panel of queries of the Storepulse data source, which tells the definitions of its metrics. */
export function panel(
  type: string,
  queries: readonly (ShopQuery | OtherQuery)[],
  options: PanelOptions,
  look: Json,
): Panel {
  const { title, note, width, height, last } = options;
  const metrics = queries.flatMap((query) => ('metric' in query ? query.metric : []));
  const definitions = [...new Set(metrics)].map(definitionOf);
  const description = [...definitions, ...(note === undefined ? [] : [note])].join('\n\n');
  const targets = queries.map(toTarget);
  const range = last === undefined ? {} : { timeFrom: last, hideTimeOverride: true };
  const json = { type, description, datasource: STOREPULSE, targets, ...look, ...range };
  return { title, width, height, json };
}

/** The heading of the panels below it. */
export const heading = (title: string): Panel => ({
  title,
  width: 24,
  height: 1,
  json: { type: 'row', collapsed: false, panels: [] },
});

function definitionOf(name: string): string {
  const { title, description } = metricOf(name);
  return `**${title}**: ${description}`;
}

function metricOf(name: string): MetricSpec {
  const metric = catalog.metrics.get(name);
  if (!metric) throw new RangeError(`${name} is not in the catalogue`);
  return metric;
}

function toTarget(asked: ShopQuery | OtherQuery, index: number): Json {
  const { only, ...query } = 'only' in asked ? asked : { ...asked, only: undefined };
  // The data source would pass it over, and show more than the panel says.
  if (only && 'metric' in asked && !catalog.dimensionsOf(metricOf(asked.metric)).includes(only.dimension))
    throw new RangeError(`${asked.metric} is not kept by ${only.dimension}`);
  // All takes a filter away; one that does not fit the query is passed over with a word.
  const chosen = CHOICES.map((dimension) => ({ dimension, variable: dimension }));
  const filters = [...(only ? [only] : []), ...chosen].map(({ dimension, variable }) => ({
    ...{ dimension, operator: 'in', values: [`$${variable}`] },
  }));
  return { refId: refOf(index), datasource: STOREPULSE, shop: '$shop', ...query, filters };
}
