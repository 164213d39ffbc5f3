import { LAKE_TYPES, type LakeFile, quoted, scanSql } from '@storepulse/lake';
import { SOURCE_SCHEMA } from '../project/render.ts';
import type { Database } from '../run/database.ts';
import { changedSpans, type DaySpan, type ReadFile, toReadFile } from './changed-days.ts';

/** Which days a run makes anew. */
export type Scope =
  /** What has changed in the lake since the last run, and days with visits that had not ended then. */
  | { readonly kind: 'changed' }
  /** All that the lake has. */
  | { readonly kind: 'all' }
  /** Days of one or all shops, first and last as `YYYY-MM-DD`. */
  | { readonly kind: 'range'; readonly from: string; readonly to: string; readonly shop?: string };

/** The lake at the instant that a run reads. */
export interface LakeContent {
  readonly files: readonly LakeFile[];
  /** Where a file can be read, by its path. */
  readonly placeOf: (path: string) => string;
  /** Whether a customer of the shop was erased since the last run. */
  readonly isErased: (shop: string) => boolean;
}

/** Tables of the schema `lake` beside the views of event types. */
const TABLES = [
  'changed_days (shop_id varchar, shop_date date)',
  // One row: visits that were last seen by then (epoch ms) have ended.
  'runs (settled_through bigint)',
  // Discounts of lines that tell none, by where their event lies in the log.
  'found_discounts (shop_id varchar, shop_date date, topic varchar, log_partition integer, log_offset bigint, line_no bigint, discount bigint)',
  // What the last run has read.
  'files (path varchar, shop varchar, type varchar, first_date varchar, last_date varchar, file_rows bigint, merged boolean)',
];

/**
 * Makes what the models read: a view of each event type over its live files, the days that this run makes anew, and until
 * when visits have ended.
 * @param settledThrough epoch ms
 * @returns the changed days
 */
export async function openSources(
  database: Database,
  { files, placeOf, isErased }: LakeContent,
  scope: Scope,
  settledThrough: number,
): Promise<number> {
  await database.run(`create schema if not exists ${SOURCE_SCHEMA}`);
  for (const table of TABLES) await database.run(`create table if not exists ${SOURCE_SCHEMA}.${table}`);
  const byType = Map.groupBy(files, ({ type }) => type);
  for (const [type, lakeType] of LAKE_TYPES) {
    const places = (byType.get(type) ?? []).map(({ _id }) => placeOf(_id));
    await database.run(`create or replace view ${SOURCE_SCHEMA}.${type} as ${scanSql(lakeType, places)}`);
  }

  const now = files.map(toReadFile);
  const spans = spansOf(scope, await readBefore(database), now, isErased);
  await database.run(`delete from ${SOURCE_SCHEMA}.changed_days`);
  if (spans.length > 0) {
    const rows = spans.map(
      ({ shop, firstDate, lastDate }) =>
        `(${quoted(shop)}, date ${quoted(firstDate)}, date ${quoted(lastDate)})`,
    );
    await database.run(`
      insert into ${SOURCE_SCHEMA}.changed_days
      select distinct shop_id, cast(unnest(generate_series(first_date, last_date, interval 1 day)) as date)
      from (values ${rows.join(', ')}) as spans (shop_id, first_date, last_date)`);
  }
  if (scope.kind === 'changed' && (await database.hasRelation('fct_visits'))) {
    await database.run(`
      insert into ${SOURCE_SCHEMA}.changed_days
      select distinct shop_id, shop_date from main.fct_visits where not is_settled
      except select shop_id, shop_date from ${SOURCE_SCHEMA}.changed_days`);
  }
  await database.run(`delete from ${SOURCE_SCHEMA}.runs`);
  await database.run(`insert into ${SOURCE_SCHEMA}.runs values (${settledThrough})`);
  const [count] = await database.rows(`select count(*) as days from ${SOURCE_SCHEMA}.changed_days`);
  return Number(count!.days);
}

function spansOf(
  scope: Scope,
  before: readonly ReadFile[],
  now: readonly ReadFile[],
  isErased: (shop: string) => boolean,
): DaySpan[] {
  if (scope.kind === 'changed') return changedSpans(before, now, isErased);
  const all = now.map(({ shop, firstDate, lastDate }) => ({ shop, firstDate, lastDate }));
  if (scope.kind === 'all') return all;
  const shops = new Set(scope.shop === undefined ? all.map(({ shop }) => shop) : [scope.shop]);
  return [...shops].map((shop) => ({ shop, firstDate: scope.from, lastDate: scope.to }));
}

/** Notes what this run has read, for the next one. */
export async function noteFiles(database: Database, files: readonly LakeFile[]): Promise<void> {
  await database.run(`delete from ${SOURCE_SCHEMA}.files`);
  const rows = files
    .map(toReadFile)
    .map(
      ({ _id, shop, type, firstDate, lastDate, rows: n, merged }) =>
        `(${[_id, shop, type, firstDate, lastDate].map(quoted).join(', ')}, ${n}, ${merged})`,
    );
  if (rows.length > 0) await database.run(`insert into ${SOURCE_SCHEMA}.files values ${rows.join(', ')}`);
}

async function readBefore(database: Database): Promise<ReadFile[]> {
  const rows = await database.rows(`select * from ${SOURCE_SCHEMA}.files`);
  return rows.map((row) => ({
    _id: String(row.path),
    shop: String(row.shop),
    type: String(row.type),
    firstDate: String(row.first_date),
    lastDate: String(row.last_date),
    rows: Number(row.file_rows),
    merged: row.merged === true,
  }));
}
