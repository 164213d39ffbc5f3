import { type DataFrame, dateTimeFormat, FieldType } from '@grafana/data';
import { typeOf } from '@storepulse/contracts/grafana/query-types';
import type { Catalog } from '../api/catalog';
import type { StorepulseQuery } from '../types';

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

/** What the last answer tells about a query of a metric: a split that would say more, or where its data begins. */
export function hintQuery(context: HintContext): Hint[] {
  return typeOf(context.query) === 'metric' ? [...hintSplit(context), ...hintBeginning(context)] : [];
}

/** A table of the whole shop has a single row. */
function hintSplit({ query, meant, catalog }: HintContext): Hint[] {
  const metric = catalog?.metrics.find(({ name }) => name === meant.metric);
  const [filter] = meant.filters ?? [];
  const name = filter?.dimension ?? metric?.dimensions[0];
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
  const title = catalog?.metrics.find(({ name }) => name === meant.metric)?.title ?? meant.metric;
  const begins = series.flatMap(({ times, values }) => {
    const at = values.findIndex((value) => value !== null && value !== undefined);
    return at < 0 ? [] : [{ at, time: times[at] as number }];
  });
  if (begins.length === 0) {
    return [{ text: `${title} has no data in this range. Choose another range.` }];
  }
  const first = begins.reduce((a, b) => (b.time < a.time ? b : a));
  return first.at === 0
    ? []
    : [{ text: `${title} has no data before ${dateTimeFormat(first.time, { timeZone })}.` }];
}
