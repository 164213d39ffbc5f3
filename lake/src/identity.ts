import type { EventType } from '@storepulse/contracts';
import { LAKE_TYPES, lakeTypeOf, snakeCase } from './columns.ts';

/** What events of a type count once by. */
export interface Identity {
  /** The types that share it: a payment counts once, whether authorised or failed. */
  readonly types: readonly EventType[];
  /** The column that `identity` repeats. */
  readonly column: string;
  /** Whether it is looked for across all partitions (business keys), or within one (event ids). */
  readonly within: 'shop' | 'partition';
}

/**
 * The rule by which copies are told apart, the stream's own. A business fact counts once for ever by its business key within
 * its shop; every other event by its event id, within its shop, topic and partition. Of copies, the one with the lowest
 * partition and offset counts. A file holds every copy: so its rows add up to the records of the log.
 *
 * One difference: the stream forgets event ids after ten minutes (of event time and of arrival), the lake never.
 */
export function identityOf(type: string): Identity {
  const { spec } = lakeTypeOf(type);
  const { fact } = spec;
  if (!fact || fact.id === 'eventId')
    return { types: [spec.type as EventType], column: 'event_id', within: 'partition' };
  const types = [...LAKE_TYPES.values()].filter(
    ({ spec: other }) => other.fact?.collection === fact.collection,
  );
  return { types: types.map((other) => other.type), column: snakeCase(fact.id), within: 'shop' };
}

/**
 * SQL that leaves one row of each event: of copies the one with the lowest partition and offset.
 * @param type whose identity it is; rows of all `identityOf(type).types` must be in `rows`
 * @param rows a table, view or sub-query in parentheses, with the envelope's columns
 */
export function onceSql(type: string, rows: string): string {
  const { within } = identityOf(type);
  const key = within === 'shop' ? 'shop_id, identity' : 'shop_id, topic, partition, identity';
  return `SELECT * FROM ${rows} QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY partition, "offset") = 1`;
}
