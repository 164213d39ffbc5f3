import { type EventRegistry, type EventType, scopeOfEvents } from '@storepulse/contracts';
import type { Duck, LakeType } from '@storepulse/lake';
import { eventsSql, missingSql } from '../events-sql.ts';
import { dimensionColumn, fieldsOf, rankColumn, rowsSql, valueColumn } from '../rows-sql.ts';
import type { DepthTable, FactDimensions } from '../tables.ts';
import { hashIds } from './hashes.ts';
import { joinName, type Names, SHOP } from './names.ts';

/** What rows are put into the database with. */
export interface RowsContext {
  readonly duck: Duck;
  readonly names: Names;
  readonly events: EventRegistry;
  readonly tables: readonly DepthTable[];
  readonly facts: FactDimensions;
}

/**
 * Makes the table `told` of the events of some files of one type, as expressions read them.
 * @param found see `eventsSql`
 */
export async function readEvents(
  { duck, names, events }: RowsContext,
  lakeType: LakeType,
  files: ReadonlyMap<string, number>,
  found: string | undefined,
): Promise<void> {
  const { fields } = scopeOfEvents([lakeType.type], events);
  await duck.run(`CREATE OR REPLACE TEMP TABLE told AS ${eventsSql(lakeType, files, fields, found)}`);
  await names.add(SHOP, 'told', 'shop_id');
}

/** Adds the rows that the events of `told` have in the tables of all sources of their type. */
export async function addRows(context: RowsContext, type: EventType): Promise<void> {
  const { events } = context;
  const own = scopeOfEvents([type], events).fields;
  const lists = new Set(Object.keys(own).filter((field) => own[field]!.type === 'list'));
  for (const table of context.tables) {
    const { source } = table;
    if (source.from === 'session' || !source.from.includes(type)) continue;
    const relation = `(SELECT *${missingSql(own, fieldsOf(source, events))} FROM told)`;
    await insertRows(context, table, rowsSql(table, events, relation, lists));
  }
}

/**
 * Puts rows with texts into a table, as numbers.
 * @param rows a query as `rowsSql` gives it; undefined kinds of rows: ''
 */
export async function insertRows(
  { duck, names }: RowsContext,
  { name, source, dimensions, metrics, hasCustomer }: DepthTable,
  rows: string,
): Promise<void> {
  if (rows === '') return;
  await duck.run(`CREATE OR REPLACE TEMP TABLE stage AS ${rows}`);
  const columns = ['shop', 'instant', 'place', 'file', 'counts'];
  const values = [
    'n_shop.id',
    'stage.instant',
    'stage.place',
    'stage.file',
    'stage.place NOT IN (SELECT place FROM duplicates)',
  ];
  const joins = [joinName(SHOP, 'stage.shop_id', 'n_shop')];
  if (source.from === 'session') {
    columns.push('session_id', 'visit', 'last_instant', 'settled');
    values.push('stage.session_id', 'hash(stage.session_id)', 'stage.last_instant', 'stage.settled');
    values[4] = 'TRUE';
  }
  if (hasCustomer) {
    columns.push('customer');
    values.push('stage.customer');
  }
  dimensions.forEach(({ spec }, i) => {
    columns.push(dimensionColumn(spec.name));
    values.push(`n_${i}.id`);
    joins.push(joinName(spec.name, `stage.${dimensionColumn(spec.name)}`, `n_${i}`));
  });
  for (const { spec } of dimensions) await names.add(spec.name, 'stage', dimensionColumn(spec.name));
  const ids: string[] = [];
  for (const metric of metrics) {
    const column = valueColumn(metric.name);
    columns.push(column);
    if (metric.measure !== 'distinct') {
      values.push(`stage.${column}`);
      continue;
    }
    columns.push(rankColumn(metric.name));
    values.push(`h_${ids.length}.hash`, `h_${ids.length}.rank`);
    joins.push(`LEFT JOIN hashes AS h_${ids.length} ON h_${ids.length}.id = stage.${column}`);
    ids.push(column);
  }
  if (ids.length > 0)
    await hashIds(
      duck,
      `(${ids.map((column) => `SELECT ${column} AS id FROM stage`).join(' UNION ALL ')})`,
      'id',
    );
  await duck.run(
    `INSERT INTO ${name} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM stage ${joins.join(' ')}`,
  );
}
