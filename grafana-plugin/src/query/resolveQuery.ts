import type { AdHocVariableFilter, QueryResultMetaNotice } from '@grafana/data';
import { UnusableQueryError } from '@storepulse/contracts/grafana/checks';
import { migrateQuery, type StoredQuery } from '@storepulse/contracts/grafana/migrate-query';
import { ownParts } from '@storepulse/contracts/grafana/query-types';
import { readInterval } from '@storepulse/contracts/grafana/read-interval';
import { type AskedAny, validateQuery } from '@storepulse/contracts/grafana/validate-query';
import type { Catalog } from '../api/catalog';
import type { StorepulseQuery } from '../types';
import { fillVariables } from './fillVariables';
import { fitFilters } from './fitFilters';
import { fitSplit } from './fitSplit';
import { narrow } from './narrow';
import type { ReadText } from './readVariables';
import { splitByKeys } from './splitByKeys';

/** What a query is resolved by. */
export interface ResolveContext {
  readText: ReadText;
  /** Dimensions that the dashboard groups by. @default none */
  groupByKeys?: readonly string[] | undefined;
  /** @default none */
  adHocFilters?: readonly AdHocVariableFilter[] | undefined;
  catalog: Catalog | undefined;
  defaultShop: string | undefined;
}

interface Resolved {
  /** The query in today's shape, with variables replaced and ad hoc filters applied, as far as they can be. */
  query: StorepulseQuery;
  /** What the reader of the panel should know. */
  remarks: QueryResultMetaNotice[];
  /** Ad hoc filters that do not apply, each with the reason. */
  passedOver: Array<{ key: string; reason: string }>;
}

/** A stored query, ready to be asked, or why it is not. */
export type ResolvedQuery = Resolved &
  (
    | { kind: 'ready'; asked: AskedAny }
    /** Nothing can match it, so nothing is asked. */
    | { kind: 'empty' }
    | { kind: 'refused'; reason: string }
  );

/**
 * From a stored query to what is asked: migration by version, then variables, then the dashboard's groups and ad hoc filters that apply, then
 * validation. Panels, Explore and the values of filters all take this way, so a query means the same
 * wherever it is used. It asks nothing and changes nothing; a query that can't be asked leaves others alone.
 */
export function resolveQuery(stored: StoredQuery, context: ResolveContext): ResolvedQuery {
  const migrated = ownParts(migrateQuery(stored));
  const filled = fillVariables(migrated, context.readText);
  const split = fitSplit(filled.query, migrated.groupBy, context.catalog);
  const fitted = fitFilters(split.query, filled.given, context.catalog);
  const grouped = splitByKeys(fitted.query, context.groupByKeys ?? [], context.catalog);
  const { query, passedOver } = narrow(grouped.query, context.adHocFilters ?? [], context.catalog);
  const remarks = [
    ...[...filled.remarks, ...split.remarks, ...fitted.remarks, ...grouped.remarks].map(warning),
    ...passedOver.map(({ key, reason }) => warning(`The filter on ${key} is not applied: ${reason}.`)),
    ...describeInterval(migrated.interval, query.interval),
  ];
  const resolved = { query, remarks, passedOver };
  const [fault] = filled.faults;
  if (fault) {
    return { ...resolved, kind: 'refused', reason: fault };
  }
  try {
    const asked = validateQuery(query, context.defaultShop);
    return filled.isEmpty ? { ...resolved, kind: 'empty' } : { ...resolved, kind: 'ready', asked };
  } catch (error) {
    if (!(error instanceof UnusableQueryError)) {
      throw error;
    }
    return { ...resolved, kind: 'refused', reason: error.message };
  }
}

const warning = (text: string): QueryResultMetaNotice => ({ severity: 'warning', text });

/** Says when buckets are wider than was chosen; `$__interval` is no choice, but what fits the panel. */
function describeInterval(stored: string | undefined, text: string | undefined): QueryResultMetaNotice[] {
  const read = text === undefined ? undefined : readInterval(text);
  if (!read?.isWidened || stored?.includes('__interval')) {
    return [];
  }
  return [
    { severity: 'info', text: `There are no intervals of ${text}: ${read.interval} is the next wider one.` },
  ];
}
