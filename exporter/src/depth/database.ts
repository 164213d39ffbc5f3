import type { EventRegistry } from '@storepulse/contracts';
import { type Duck, openDuck } from '@storepulse/lake';
import { factTables } from './load/facts.ts';
import { dimensionColumn, rankColumn, valueColumn, valueType } from './rows-sql.ts';
import { type DepthTables, OF_PRODUCTS } from './tables.ts';

/** What products tell. */
const ofProducts = OF_PRODUCTS.map((name) => `${name} INTEGER`).join(', ');

/**
 * Tables beside the rows of the sources.
 * `files`: what is loaded. `copies`: every record by what it counts once by (a hash of its identity), also those that do not count.
 * `visit`: a hash of the visit's id, to find a few of many visits by; two visits may have the same.
 * `duplicates`: places of records that do not count. `visit_events`: what visits are made of. `product_states`: what products were told
 * to be. `names`: the values of all dimensions, and shops as those of `shop`, each with a number.
 */
const TABLES = [
  'files (id INTEGER, path VARCHAR)',
  'copies (identity UHUGEINT, place BIGINT, file INTEGER)',
  'duplicates (place BIGINT)',
  'visit_events (shop INTEGER, session_id VARCHAR, visit UBIGINT, instant BIGINT, event_id VARCHAR, step VARCHAR, arrives BOOLEAN, country VARCHAR, device VARCHAR, channel VARCHAR, place BIGINT, file INTEGER, counts BOOLEAN)',
  `product_states (shop INTEGER, sku INTEGER, ${ofProducts}, instant BIGINT, event_id VARCHAR, place BIGINT, file INTEGER, counts BOOLEAN)`,
  `products (shop INTEGER, sku INTEGER, ${ofProducts})`,
  'names (dimension VARCHAR, id INTEGER, value VARCHAR)',
];

/**
 * Opens the database that rows are kept in, with its tables, empty.
 * @param file where its rows lie; it must not be there
 */
export async function openRows(
  file: string,
  { tables, facts }: Pick<DepthTables, 'tables' | 'facts'>,
  events: EventRegistry,
  { memoryMb, threads, spillFolder }: { memoryMb: number; threads: number; spillFolder: string },
): Promise<Duck> {
  const duck = await openDuck({ memoryMb, threads, spillFolder, file });
  for (const table of [...TABLES, ...factTables(facts), ...tables.map((each) => tableSql(each, events))])
    await duck.run(`CREATE TABLE ${table}`);
  return duck;
}

function tableSql(
  { name, source, dimensions, metrics, hasCustomer }: DepthTables['tables'][number],
  events: EventRegistry,
): string {
  const ofVisits =
    source.from === 'session'
      ? ['session_id VARCHAR', 'visit UBIGINT', 'last_instant BIGINT', 'settled BOOLEAN']
      : [];
  const columns = [
    ...['shop INTEGER', 'instant BIGINT', 'place BIGINT', 'file INTEGER', 'counts BOOLEAN', ...ofVisits],
    ...(hasCustomer ? ['customer UBIGINT'] : []),
    ...dimensions.map(({ spec }) => `${dimensionColumn(spec.name)} INTEGER`),
    ...metrics.flatMap((metric) => [
      `${valueColumn(metric.name)} ${valueType(metric, source, events)}`,
      ...(metric.measure === 'distinct' ? [`${rankColumn(metric.name)} UTINYINT`] : []),
    ]),
  ];
  return `${name} (${columns.join(', ')})`;
}
