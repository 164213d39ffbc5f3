import {
  type AnyQuery,
  type AskedQuery,
  type Frame,
  type FrameField,
  type MetricQuery,
  type QueryResult,
  TAIL_STATES,
} from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';

/** Metrics of shops that a request may ask for. */
const MOST_PARTS = 50;

/** The answer to one metric of one shop. */
export interface AnsweredPart {
  readonly query: MetricQuery;
  readonly result: QueryResult;
}

/** A query of several metrics or shops as one for each: the metrics of the first shop, then those of the next. */
export function splitQuery(asked: AskedQuery): MetricQuery[] {
  const metrics = listOf(asked.metric);
  return listOf(asked.shop).flatMap((shop) => metrics.map((metric) => ({ ...asked, shop, metric })));
}

/** Refuses more metrics of shops than a request may ask for. @throws {ExporterError} `invalid_request` */
export function checkParts(queries: readonly AnyQuery[]): void {
  const parts = queries.reduce(
    (sum, query) => sum + listOf(query.shop).length * ('metric' in query ? listOf(query.metric).length : 1),
    0,
  );
  if (parts <= MOST_PARTS) return;
  throw new ExporterError(
    'invalid_request',
    `body.queries ask for ${parts} metrics of shops, and ${MOST_PARTS} are possible: spread them over several requests`,
  );
}

/**
 * Puts the answers of several metrics and shops together: a frame for each stays what it is, and tells which it is of. Nothing is
 * added up: each shop has its own currency, days and visitors.
 */
export function joinParts(asked: AskedQuery, parts: readonly AnsweredPart[]): QueryResult {
  const several = { metrics: listOf(asked.metric).length > 1, shops: listOf(asked.shop).length > 1 };
  const metas = parts.map(({ result }) => result.meta);
  const zones = [...new Set(metas.map(({ timeZone }) => timeZone))];
  const told = metas.flatMap(({ conversions = [] }) => conversions);
  // One of several metrics of a shop tells the same as the others.
  const conversions = [...new Map(told.map((each) => [each.shop, each])).values()];
  return {
    frames: parts.flatMap(({ query, result }) =>
      result.frames.map((frame) => nameFrame(frame, query, several)),
    ),
    meta: {
      resolution: distinctTexts(metas.map(({ resolution }) => resolution)),
      interval: distinctTexts(metas.map(({ interval }) => interval)),
      ...(zones.length === 1 && zones[0] !== undefined ? { timeZone: zones[0] } : {}),
      ...(conversions.length > 0 ? { conversions } : {}),
      documents: metas.reduce((sum, { documents }) => sum + documents, 0),
      readMs: metas.reduce((sum, { readMs = 0 }) => sum + readMs, 0),
      readAt: Math.min(...metas.map(({ readAt = Number.POSITIVE_INFINITY }) => readAt)),
      ...sourceOf(metas),
      freshness: leastFresh(metas.map(({ freshness }) => freshness)),
      notices: noticesOf(parts, several.shops),
    },
  };
}

const listOf = (given: string | readonly string[]): readonly string[] =>
  typeof given === 'string' ? [given] : given;
const distinctTexts = (texts: readonly string[]): string => [...new Set(texts)].join('+');

/** Where several answers come from, and how far those from the lake reach. */
function sourceOf(metas: readonly QueryResult['meta'][]): Pick<QueryResult['meta'], 'source' | 'lake'> {
  const lakes = metas.flatMap(({ lake }) => lake ?? []);
  if (lakes.length === 0) return {};
  const tails = lakes.flatMap(({ tail }) => tail ?? []);
  const worst = Math.max(...tails.map(({ state }) => TAIL_STATES.indexOf(state)));
  const tail = { state: TAIL_STATES[worst]!, lakeSeamAt: least(tails.map(({ lakeSeamAt }) => lakeSeamAt)) };
  return {
    source: lakes.length === metas.length ? 'lake' : 'both',
    lake: {
      until: Math.min(...lakes.map(({ until }) => until)),
      seamAt: least(lakes.map(({ seamAt }) => seamAt)),
      ...(tails.length > 0 ? { tail } : {}),
    },
  };
}

/** The least of some times; null while one is not known. */
const least = (times: readonly (number | null)[]): number | null =>
  times.includes(null) ? null : Math.min(...times.map(Number));

type Freshness = QueryResult['meta']['freshness'];

/** All of them are known up to there; null while one can't tell. */
function leastFresh(all: readonly Freshness[]): Freshness {
  const known = all.filter((each) => each !== null);
  if (known.length < all.length) return null;
  return {
    lastEventTime: least(known.map(({ lastEventTime }) => lastEventTime)),
    watermark: least(known.map(({ watermark }) => watermark)),
  };
}

/** Remarks of all parts, each once; of several shops with the shop. */
function noticesOf(parts: readonly AnsweredPart[], namesShop: boolean): QueryResult['meta']['notices'] {
  const named = parts.flatMap(({ query, result }) =>
    result.meta.notices.map((notice) => ({
      ...notice,
      text: namesShop ? `${query.shop}: ${notice.text}` : notice.text,
    })),
  );
  return [...new Map(named.map((notice) => [notice.text, notice])).values()];
}

function nameFrame(
  frame: Frame,
  { shop, metric }: MetricQuery,
  several: { readonly metrics: boolean; readonly shops: boolean },
): Frame {
  const nameField = (field: FrameField): FrameField => {
    if (field.type !== 'number') return field;
    const { displayName = field.name } = field.config;
    const isSplit = Object.keys(field.labels ?? {}).length > 0;
    const texts = [
      ...(several.metrics && isSplit ? [frame.name] : []),
      displayName,
      ...(several.shops ? [shop] : []),
    ];
    return {
      ...field,
      ...(several.shops ? { labels: { ...field.labels, shop } } : {}),
      config: { ...field.config, displayName: texts.join(' · ') },
    };
  };
  return {
    ...frame,
    fields: frame.fields.map(nameField),
    meta: { ...frame.meta, custom: { ...(frame.meta?.custom as object), shop, metric } },
  };
}
