import { type EventType, eventRegistry, UNKNOWN_VALUE } from '@storepulse/contracts';
import { type Duck, LAKE_TYPES, type LakeFile, type LakeType } from '@storepulse/lake';
import { OF_PRODUCTS } from '../tables.ts';
import { addCopies, judgeCopies } from './copies.ts';
import { findDiscountsOf, REVERSING } from './discounts.ts';
import { addFactEvents, beginFacts, FACT_EVENT_TABLES, makeFacts, touchFacts } from './facts.ts';
import { addProductStates, makeProducts } from './products.ts';
import { addRows, type RowsContext, readEvents } from './rows.ts';
import { addVisitEvents, makeVisits } from './visits.ts';

/** Records that are taken out of files at once. */
const BATCH_ROWS = 500_000;

/** What the database is brought up to. */
export interface LakeContent {
  readonly files: readonly LakeFile[];
  /** Where a file can be read, by its path in the lake. */
  readonly placeOf: (path: string) => string;
  /** By shop: everything before it (epoch ms) is in the files. Visits that were idle for half an hour by then have ended. */
  readonly endedBy: ReadonlyMap<string, number>;
}

/** What brings the rows up to the lake. */
export interface Loader {
  /**
   * Takes out what the lake no longer has and adds what it has beside, in one transaction: whoever asks meanwhile sees all of it or nothing.
   * After an error the database is of no use: names may have been given to values that were taken back.
   */
  refresh(content: LakeContent): Promise<void>;
  /** Where a file that is loaded can be read, by its number. */
  fileOf(id: number): { readonly type: string; readonly place: string } | undefined;
}

/** Builds what brings the rows of a database up to the lake. */
export function createLoader(context: RowsContext): Loader {
  const { duck, names, tables } = context;
  const types = usedTypes(context);
  const loaded = new Map<string, number>();
  const placed = new Map<number, { type: string; place: string }>();
  let nextId = 1;
  const rowTables = tables.filter(({ source }) => source.from !== 'session').map(({ name }) => name);
  const ofFiles = [...rowTables, 'visit_events', 'product_states', ...FACT_EVENT_TABLES];

  const load = async ({ files, placeOf, endedBy }: LakeContent): Promise<void> => {
    const live = files.filter(({ type }) => types.has(type));
    const livePaths = new Set(live.map(({ _id }) => _id));
    const gone = [...loaded].filter(([path]) => !livePaths.has(path));
    const added = live.filter(({ _id }) => !loaded.has(_id));
    // Also where no product is told at all, rows are of an unknown one.
    for (const dimension of OF_PRODUCTS)
      await names.add(dimension, `(SELECT '${UNKNOWN_VALUE}' AS value)`, 'value');
    await duck.run('CREATE OR REPLACE TEMP TABLE touched (identity UHUGEINT)');
    await duck.run(
      'CREATE OR REPLACE TEMP TABLE touched_visits (shop INTEGER, session_id VARCHAR, visit UBIGINT)',
    );
    await duck.run('CREATE OR REPLACE TEMP TABLE gone (place BIGINT)');
    await beginFacts(context);
    if (gone.length > 0)
      await takeOut(
        duck,
        ofFiles,
        gone.map(([, id]) => id),
      );
    for (const [path, id] of gone) {
      loaded.delete(path);
      placed.delete(id);
    }

    const batches = batchesOf(added, types);
    const numbers = new Map<string, number>();
    for (const { _id, type } of added) {
      loaded.set(_id, nextId);
      placed.set(nextId, { type, place: placeOf(_id) });
      numbers.set(placeOf(_id), nextId++);
    }
    const filesOf = (batch: Batch) =>
      new Map(batch.files.map(({ _id }) => [placeOf(_id), numbers.get(placeOf(_id))!]));
    for (const batch of batches) await addCopies(duck, batch.lakeType, filesOf(batch));
    const ids = [...numbers.values()];
    if (gone.length + added.length > 0) {
      if (ids.length > 0)
        await duck.run(
          `INSERT INTO touched SELECT DISTINCT identity FROM copies WHERE file BETWEEN ${Math.min(...ids)} AND ${Math.max(...ids)}`,
        );
      await judgeCopies(duck);
      await moveJudged(duck, ofFiles);
      const reversing = added.filter(({ type }) => REVERSING.has(type));
      await findDiscountsOf(duck, reversing, live, ({ _id }) => placeOf(_id));
    }
    for (const batch of batches) {
      const { type } = batch.lakeType;
      await readEvents(
        context,
        batch.lakeType,
        filesOf(batch),
        REVERSING.has(type) ? 'found_discounts' : undefined,
      );
      await addRows(context, type);
      await addFactEvents(context, type);
      if (isOfVisits(type)) await addVisitEvents(context);
      if (type === 'product_upserted') await addProductStates(context);
    }
    if (ids.length > 0) {
      const isAdded = `file BETWEEN ${Math.min(...ids)} AND ${Math.max(...ids)}`;
      await duck.run(
        `INSERT INTO touched_visits SELECT DISTINCT shop, session_id, visit FROM visit_events WHERE ${isAdded}`,
      );
      await touchFacts(context, isAdded);
    }
    await makeVisits(context, endedBy);
    await makeFacts(context);
    if (added.some(({ type }) => type === 'product_upserted') || gone.length > 0) await makeProducts(context);
  };

  return {
    fileOf: (id) => placed.get(id),
    refresh: async (content) => {
      await duck.run('BEGIN TRANSACTION');
      try {
        await load(content);
        await duck.run('COMMIT');
      } catch (error) {
        await duck.run('ROLLBACK').catch(() => {});
        throw error;
      }
    },
  };
}

/** Takes out the rows of some files, and notes which copies and visits that touches. */
async function takeOut(duck: Duck, tables: readonly string[], ids: readonly number[]): Promise<void> {
  const isOut = `file IN (${ids.join(', ')})`;
  await duck.run(`INSERT INTO touched SELECT DISTINCT identity FROM copies WHERE ${isOut}`);
  await duck.run(`INSERT INTO gone SELECT place FROM copies WHERE ${isOut}`);
  await duck.run(
    `INSERT INTO touched_visits SELECT DISTINCT shop, session_id, visit FROM visit_events WHERE ${isOut}`,
  );
  await touchFacts({ duck }, isOut);
  for (const table of [...tables, 'copies']) await duck.run(`DELETE FROM ${table} WHERE ${isOut}`);
}

/** Rows that are there count anew where other copies have come or gone. */
async function moveJudged(duck: Duck, tables: readonly string[]): Promise<void> {
  const [found] = await duck.rows('SELECT count(*) AS n FROM changed');
  if (Number(found!.n) === 0) return;
  await duck.run(
    `INSERT INTO touched_visits SELECT DISTINCT shop, session_id, visit FROM visit_events WHERE place IN (SELECT place FROM changed)`,
  );
  await touchFacts({ duck }, 'place IN (SELECT place FROM changed)');
  for (const table of tables)
    await duck.run(
      `UPDATE ${table} SET counts = place NOT IN (SELECT place FROM duplicates) WHERE place IN (SELECT place FROM changed)`,
    );
}

interface Batch {
  readonly lakeType: LakeType & { readonly type: EventType };
  readonly files: readonly LakeFile[];
}

function batchesOf(files: readonly LakeFile[], types: ReadonlySet<string>): Batch[] {
  const batches: Batch[] = [];
  for (const type of types) {
    let batch: LakeFile[] = [];
    let rows = 0;
    const lakeType = LAKE_TYPES.get(type)!;
    const end = () => {
      if (batch.length > 0) batches.push({ lakeType, files: batch });
      batch = [];
      rows = 0;
    };
    for (const file of files) {
      if (file.type !== type) continue;
      batch.push(file);
      rows += file.rows;
      if (rows >= BATCH_ROWS) end();
    }
    end();
  }
  return batches;
}

/** Whether events of a type are of a visit. */
const isOfVisits = (type: string): boolean => {
  const { properties } = eventRegistry.get(type)!.schema as unknown as { properties: object };
  return 'sessionId' in properties;
};

/** The types of events that rows are made of. Products come first: rows name their suppliers. */
function usedTypes({ tables }: RowsContext): ReadonlySet<string> {
  const ofRows = tables.flatMap(({ source }) => (source.from === 'session' ? [] : source.from));
  const ofVisits = [...LAKE_TYPES.keys()].filter(isOfVisits);
  return new Set(['product_upserted', ...ofRows, ...ofVisits].filter((type) => LAKE_TYPES.has(type)));
}
