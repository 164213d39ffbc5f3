import { UnusableQueryError } from './checks.ts';
import { migrateQuery } from './migrate-query.ts';
import { ownParts } from './query-types.ts';
import { firstVariable, hasVariable, REFERENCE } from './references.ts';
import type { StorepulseQuery } from './stored-query.ts';
import { type AskedAny, type AskedQuery, validateQuery } from './validate-query.ts';

/** What Grafana's server knows of a query that it asks. */
export interface Alone {
  /** Shop of queries that name none. */
  defaultShop: string | undefined;
  /** What `$__interval` stands for, ms. @default the query says it itself, or not at all */
  intervalMs?: number | undefined;
}

/** A stored query as the exporter's API takes it. */
export interface AskedAlone {
  asked: AskedQuery;
  /** Of cohorts: shares rather than counts. */
  asShares: boolean;
}

/** Variables that Grafana's server gives too, by name: durations in ms. */
const OF_THE_SERVER = ['__interval', '__interval_ms'];

/**
 * What a query asks when no dashboard is around: in alert rules, public dashboards and recorded queries, which Grafana's
 * server evaluates as they are stored. The way is that of panels, `migrate → own parts → validate`, but a variable has no
 * value here, and no text with one is ever sent.
 * @throws {UnusableQueryError} with what is wrong and what to do
 */
export function askAlone(stored: StorepulseQuery, { defaultShop, intervalMs }: Alone): AskedAlone {
  const own = ownParts(migrateQuery(stored));
  const query = { ...own, ...fillInterval(own.interval, intervalMs) };
  refuseVariables(query);
  const asked = validateQuery(query, defaultShop);
  if (!isOfFigures(asked)) {
    const what = asked.type === 'events' ? 'Events' : 'Records';
    throw new UnusableQueryError(
      `${what} are lists for people: Grafana’s server, as in alert rules, asks for figures. Choose a metric, a distribution, a funnel or cohorts.`,
    );
  }
  return { asked, asShares: query.share ?? false };
}

function isOfFigures(asked: AskedAny): asked is AskedQuery {
  return asked.type !== 'events' && asked.type !== 'records';
}

/** `$__interval` as a number of ms, which intervals can be told by. */
function fillInterval(
  interval: string | undefined,
  ms: number | undefined,
): Pick<StorepulseQuery, 'interval'> {
  const name = interval === undefined ? undefined : firstVariable(interval);
  if (interval === undefined || ms === undefined || !OF_THE_SERVER.includes(name ?? '')) return {};
  return { interval: interval.replace(REFERENCE, String(Math.max(1, Math.round(ms)))) };
}

function refuseVariables({ refId: _name, filters = [], ...query }: StorepulseQuery): void {
  const texts = Object.entries(query).flatMap(([part, value]) =>
    [value].flat().map((text) => [part, text] as const),
  );
  const filtered = filters.flatMap(({ dimension, values }) => [
    ['filters', dimension] as const,
    ...values.map((value) => [`filter on ${dimension}`, value] as const),
  ]);
  for (const [part, text] of [...texts, ...filtered]) {
    if (typeof text === 'string' && hasVariable(text)) {
      throw new UnusableQueryError(
        `The ${part} is "${text}", and variables have no value outside of a dashboard, such as in an alert rule. Choose a value.`,
      );
    }
  }
}
