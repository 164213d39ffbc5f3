import { type DataFrame, dateTimeFormat, FieldType } from '@grafana/data';
import { metricsOf, typeOf } from '@storepulse/contracts/grafana/query-types';
import type { Catalog } from '../api/catalog';
import type { StorepulseQuery } from '../types';
import { listDimensions } from './listDimensions';
import { listed } from './listed';

/** Something that a query's author may want to know or to change. */
export interface Hint {
  text: string;
  /** The query that would mend it. */
  fix?: { label: string; query: StorepulseQuery };
}

/** What hints are taken from. */
export interface HintContext {
  /** The query as it is stored, in today's shape. */
  query: StorepulseQuery;
  /** The same with variables replaced. */
  meant: StorepulseQuery;
  catalog: Catalog | undefined;
  /** Frames of the last answer to this query. */
  frames: readonly DataFrame[];
  /** The reader's zone, as Grafana names it. */
  timeZone: string;
}

/**
 * What a query of metrics and its last answer tell: units that differ, a split that would say more, or where the data begins.
 */
export function hintQuery(context: HintContext): Hint[] {
  return typeOf(context.query) === 'metric'
    ? [...hintUnits(context), ...hintSplit(context), ...hintBeginning(context)]
    : [];
}

/** Money and counts share no axis: who looks for one of them on the axis of the other would read it wrong. */
function hintUnits({ meant, catalog }: HintContext): Hint[] {
  const metrics = metricsIn(meant, catalog);
  const units = [...new Set(metrics.map(({ unit }) => unit))];
  if (units.length < 2) {
    return [];
  }
  const told = units.map((unit) => {
    const titles = metrics.filter((metric) => metric.unit === unit).map(({ title }) => title);
    return `${unit} (${listed(titles)})`;
  });
  const where =
    meant.format === 'table' ? 'each column has its own' : 'each has an axis of its own in a graph';
  return [{ text: `The metrics have several units, and ${where}: ${listed(told)}.` }];
}

const metricsIn = (query: StorepulseQuery, catalog: Catalog | undefined) =>
  metricsOf(query).flatMap((name) => catalog?.metrics.find((metric) => metric.name === name) ?? []);

/** A table of the whole shop has a single row. */
function hintSplit({ query, meant, catalog }: HintContext): Hint[] {
  const [metric] = metricsIn(meant, catalog);
  const [filter] = meant.filters ?? [];
  const shared = listDimensions(meant, catalog).map(({ name }) => name);
  const name = filter?.dimension ?? metric?.dimensions.find((each) => shared.includes(each));
  if (!metric || name === undefined || meant.format !== 'table' || meant.groupBy !== undefined) {
    return [];
  }
  const title = catalog?.dimensions.find((dimension) => dimension.name === name)?.title.toLowerCase() ?? name;
  return [
    {
      text: 'A table of the whole shop has one row.',
      fix: { label: `Group by ${title}`, query: { ...query, groupBy: name } },
    },
  ];
}

/** Before a shop's first day there are no values; a line that begins in the middle looks like a fault. */
function hintBeginning({ meant, catalog, frames, timeZone }: HintContext): Hint[] {
  const series = frames.flatMap(({ fields }) => {
    const times = fields.find(({ type }) => type === FieldType.time)?.values ?? [];
    return fields.filter(({ type }) => type === FieldType.number).map(({ values }) => ({ times, values }));
  });
  const buckets = Math.max(0, ...series.map(({ times }) => times.length));
  if (buckets === 0) {
    return [];
  }
  const names = metricsOf(meant);
  const titles = names.map((name) => catalog?.metrics.find((metric) => metric.name === name)?.title ?? name);
  const subject = `${listed(titles)} ${titles.length > 1 ? 'have' : 'has'}`;
  const begins = series.flatMap(({ times, values }) => {
    const at = values.findIndex((value) => value !== null && value !== undefined);
    return at < 0 ? [] : [{ at, time: times[at] as number }];
  });
  if (begins.length === 0) {
    return [{ text: `${subject} no data in this range. Choose another range.` }];
  }
  const first = begins.reduce((a, b) => (b.time < a.time ? b : a));
  return first.at === 0
    ? []
    : [{ text: `${subject} no data before ${dateTimeFormat(first.time, { timeZone })}.` }];
}
