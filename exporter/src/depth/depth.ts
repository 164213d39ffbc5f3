import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Tail, TailContent } from '@storepulse/archiver/tail/tail';
import type { Catalog, TailState } from '@storepulse/contracts';
import { LakeError, type LakeManifest } from '@storepulse/lake';
import { openScratch } from '@storepulse/lake/scratch';
import PQueue from 'p-queue';
import { ExporterError } from '../errors.ts';
import type { Cohort } from '../facts/fold-cohorts.ts';
import type { TaskProgress } from '../query/freshness.ts';
import type { Steps } from '../work/pacer.ts';
import { aggregate, type DepthQuestion, type DepthSums, type RunRows } from './aggregate.ts';
import { openRows } from './database.ts';
import {
  type CohortsQuestion,
  countCohorts,
  type FactSums,
  type FactSumsQuestion,
  factSums,
} from './fact-sums.ts';
import { type FactsPage, type FactsQuestion, readFacts } from './facts.ts';
import { createNames, type Names, SHOP } from './load/names.ts';
import { createLoader } from './load/refresh.ts';
import { withMonths } from './months.ts';
import { createReach } from './reach.ts';
import { dimensionColumn } from './rows-sql.ts';
import type { DepthFilter } from './select-sql.ts';
import { COHORT, type DepthTables, depthTables, OF_PRODUCTS } from './tables.ts';

/** How far the rows reach. */
export interface DepthState {
  /** When the lake was read last, epoch ms. */
  readonly readAt: number;
  /** What was appended to the log before it (epoch ms) is in the rows; null: not known of all partitions. */
  readonly seamAt: number | null;
  /** By shop: everything before it (event time, epoch ms) is in the rows, but for late events. */
  readonly until: ReadonlyMap<string, number>;
  /** Files that the rows are of. */
  readonly files: number;
  /** Present where the log is read beyond the lake. */
  readonly tail?: {
    readonly state: TailState;
    /** What was appended before it (epoch ms) is in the lake; null: not known of all partitions. */
    readonly lakeSeamAt: number | null;
  };
}

/** The rows of the lake, for questions that no cell answers. */
export interface Depth {
  readonly tables: DepthTables;
  /** How far the rows reach; undefined until they are read for the first time. */
  state(): DepthState | undefined;
  /**
   * Brings the rows up to now, where the log is read beyond the lake; of a log that is slow, as far as it comes in half a second.
   * @returns how far they reach then
   * @throws {ExporterError} `depth_loading` before they are read; why the signal is aborted
   */
  current(signal: AbortSignal): Promise<DepthState>;
  /**
   * Adds rows up.
   * @throws {ExporterError} `depth_loading` before they are read, `too_many_points`; why the signal is aborted
   */
  sums(question: DepthQuestion, signal: AbortSignal, pace: Pace): Promise<DepthSums>;
  /**
   * Adds the histories of customers, or orders, up. The metrics are such that `areTold` of `fact-metrics.ts` is true.
   * @throws {ExporterError} as `sums`
   */
  factSums(question: FactSumsQuestion, signal: AbortSignal, pace: Pace): Promise<FactSums>;
  /** Counts customers by the month of the first order and by months since. @throws {ExporterError} as `sums` */
  cohorts(question: CohortsQuestion, signal: AbortSignal): Promise<{ cohorts: Cohort[]; rows: number }>;
  /** A page of the rows behind a figure. @throws {ExporterError} as `sums` */
  facts(question: FactsQuestion, signal: AbortSignal): Promise<FactsPage>;
  /** The values that a shop has had of a dimension that no window is kept by. @throws {ExporterError} `depth_loading` */
  dimensionValues(shop: string, dimension: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Brings the rows up to the lake now. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Runs computing in slices. */
export type Pace = <T>(steps: Steps<T>) => Promise<T>;

/** Where the lake is read. */
export interface LakeSource {
  /** How far counting has come: read before the manifest. */
  progress(): Promise<readonly TaskProgress[]>;
  manifest(): Promise<LakeManifest>;
  /** Where a file can be read on this machine. @throws {LakeError} `FILE_MISSING` when it was replaced meanwhile */
  place(path: string): Promise<string>;
  /** Says which files are read from now on: copies of others can go. */
  keepOnly(paths: ReadonlySet<string>): Promise<void>;
  close(): Promise<void>;
}

/** What the rows are kept with. */
export interface DepthOptions {
  readonly catalog: Catalog;
  readonly lake: LakeSource;
  /** What the log has beyond the lake. @default rows end where the lake does */
  readonly tail?: Tail | undefined;
  /** Memory of DuckDB, MB; what is more lies in a file. */
  readonly memoryMb: number;
  /** Threads of DuckDB. @default 2 */
  readonly threads?: number;
  /** How often the lake is looked at, ms. 0: only when `refresh` is called. @default 10 s */
  readonly everyMs?: number;
  /** Where the file lies while the process runs. @default the system's folder for what is temporary */
  readonly scratch?: string | undefined;
  /** Wall clock, epoch ms. @default Date.now */
  readonly now?: () => number;
  /** Told of a refresh that failed; it is tried again. */
  readonly onFailure: (error: unknown) => void;
}

const dimensionsOf = (filters: readonly DepthFilter[]) => filters.map(({ dimension }) => dimension);

/** Rows that are so young are current, ms. */
const FRESH_MS = 1_000;
/** Of a large lake, bringing up takes at most this share of the time. */
const BRINGING_SHARE = 1 / 4;
/** How long the log is waited for, and how long a question waits for the rows, ms. */
const LOG_PATIENCE_MS = 500;
const ROWS_PATIENCE_MS = 2_000;

/** Files that are fetched at the same time. */
const FETCHES = 8;
/** A file that is fetched may have been replaced meanwhile: then the manifest tells by what. */
const MOST_TRIES = 3;

/** Opens the rows, empty, and begins to read the lake in the background. */
export async function openDepth(options: DepthOptions): Promise<Depth> {
  const { catalog, lake, memoryMb, threads = 2, everyMs = 10_000, now = Date.now, onFailure } = options;
  const { events } = catalog;
  const { tail } = options;
  const tables = depthTables(catalog);
  const folder = await openScratch('depth', options.scratch);
  const reach = createReach();
  /** How far the rows of the log reach: another one where that is read anew. */
  let tailReach = { generation: -1, reach: createReach() };
  const ended = new AbortController();
  /** Of a bucket, each file is fetched. */
  const fetching = new PQueue({ concurrency: FETCHES });
  let generation = 0;
  let state: DepthState | undefined;

  const open = async () => {
    generation++;
    const file = join(folder, `rows-${generation}.duckdb`);
    const bounds = { memoryMb, threads, spillFolder: join(folder, 'spill') };
    const duck = await openRows(file, tables, events, bounds);
    const names = createNames(duck);
    return {
      duck,
      names,
      file,
      loader: createLoader({ duck, names, events, tables: tables.tables, facts: tables.facts }),
    };
  };
  let rows = await open();

  const read = async () => {
    const progress = await lake.progress();
    await tail?.catchUp(LOG_PATIENCE_MS);
    const { files, tasks, seamAt } = await lake.manifest();
    const beyond = await tail?.content(tasks, rows.duck);
    const places = new Map(
      await fetching.addAll(
        files.map(
          ({ _id }) =>
            async () =>
              [_id, await lake.place(_id)] as const,
        ),
      ),
    );
    for (const { _id } of beyond?.files ?? []) places.set(_id, _id);
    const ofLake = reach.note(progress, tasks);
    return {
      files: beyond ? [...files, ...beyond.files] : files,
      seamAt: latest(seamAt, beyond?.readAt ?? null),
      until: beyond ? noteTail(beyond, progress, tasks, ofLake) : ofLake,
      tail: beyond && { state: beyond.state, lakeSeamAt: seamAt },
      placeOf: (path: string) => places.get(path)!,
    };
  };
  /** Until when rows of lake and log together have everything, by shop. */
  const noteTail = (
    { generation, positions }: TailContent,
    progress: readonly TaskProgress[],
    tasks: LakeManifest['tasks'],
    ofLake: ReadonlyMap<string, number>,
  ): ReadonlyMap<string, number> => {
    if (positions.size === 0) return ofLake;
    if (tailReach.generation !== generation) tailReach = { generation, reach: createReach() };
    const next = new Map(tasks.map((task) => [task._id, task.next]));
    for (const [id, position] of positions) next.set(id, Math.max(position, next.get(id) ?? 0));
    const reached = tailReach.reach.note(
      progress,
      [...next].map(([_id, each]) => ({ _id, next: each })),
    );
    const later = (shop: string) => Math.max(reached.get(shop) ?? 0, ofLake.get(shop) ?? 0);
    return new Map([...new Set([...ofLake.keys(), ...reached.keys()])].map((shop) => [shop, later(shop)]));
  };
  const refresh = async (): Promise<void> => {
    for (let tries = 1; ; tries++) {
      const found = await read().catch((error) => {
        const isReplaced = error instanceof LakeError && error.code === 'FILE_MISSING';
        if (!isReplaced || tries === MOST_TRIES || ended.signal.aborted) throw error;
      });
      if (!found) continue;
      const { seamAt, until, tail, ...content } = found;
      try {
        await rows.loader.refresh({ ...content, endedBy: until });
        state = { readAt: now(), seamAt, until, files: content.files.length, ...(tail ? { tail } : {}) };
        await lake.keepOnly(new Set(content.files.map(({ _id }) => _id)));
        return;
      } catch (error) {
        // A file may have been replaced meanwhile. What was half done may have left names behind: the rows are read anew.
        const before = rows;
        state = undefined;
        rows = await open();
        before.duck.close();
        await rm(before.file, { force: true });
        if (tries === MOST_TRIES || ended.signal.aborted) throw error;
      }
    }
  };
  let refreshing: Promise<void> = Promise.resolve();
  let running = 0;
  let tookMs = 0;
  const refreshNext = (): Promise<void> => {
    running++;
    refreshing = refreshing
      .catch(() => {})
      .then(async () => {
        const began = now();
        await refresh();
        tookMs = now() - began;
      })
      .finally(() => running--);
    return refreshing;
  };
  const loaded = (): DepthState => {
    if (state) return state;
    throw new ExporterError(
      'depth_loading',
      'the rows of the lake are being read: combinations of dimensions can be asked for once they are, in a moment or, of a large lake, in some minutes',
    );
  };
  /** Rows that are brought up to date already are waited for; who asks many things at once pays for that once. */
  const current = async (signal: AbortSignal): Promise<DepthState> => {
    tail?.wake();
    const { readAt } = loaded();
    if (!tail || now() - readAt < Math.max(FRESH_MS, tookMs / BRINGING_SHARE)) return loaded();
    const bringing = (running > 0 ? refreshing : refreshNext()).catch(onFailure);
    const patience = AbortSignal.any([signal, AbortSignal.timeout(ROWS_PATIENCE_MS)]);
    const { promise: late, resolve } = Promise.withResolvers<void>();
    patience.addEventListener('abort', () => resolve(), { once: true });
    await Promise.race([bringing, late]);
    signal.throwIfAborted();
    return loaded();
  };
  const follow = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await refreshNext().catch((error) => {
        if (!ended.signal.aborted) onFailure(error);
      });
      await wait(everyMs, undefined, { signal: ended.signal, ref: false }).catch(() => {});
    }
  };
  /** Runs what asks the rows on a connection of its own, which ends with the signal. */
  const ask = async <T>(signal: AbortSignal, run: (rows: RunRows) => Promise<T>): Promise<T> => {
    loaded();
    const connection = await rows.duck.connect();
    const interrupt = () => connection.interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      return await run(
        async (sql) => (await connection.runAndReadAll(sql)).getRowObjects() as Record<string, unknown>[],
      );
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw error;
    } finally {
      signal.removeEventListener('abort', interrupt);
      connection.closeSync();
    }
  };
  /** Names that tell all of some dimensions. */
  const telling = async (
    dimensions: readonly string[],
    { shop, calendar }: Pick<DepthQuestion, 'shop' | 'calendar'>,
    run: RunRows,
  ): Promise<Names> =>
    dimensions.includes(COHORT)
      ? withMonths(rows.names, { shop, calendar, firstOrder: 'c.first_instant' }, run)
      : rows.names;
  const following = everyMs > 0 ? follow() : Promise.resolve();

  return {
    tables,
    state: () => state,
    current,
    refresh: refreshNext,
    sums: (question, signal, pace) =>
      ask(signal, async (run) => {
        const asked = [
          ...question.split.dimensions.map(({ name }) => name),
          ...dimensionsOf(question.filters),
        ];
        return aggregate(question, { tables, names: await telling(asked, question, run) }, run, pace);
      }),
    factSums: (question, signal, pace) => ask(signal, (run) => factSums(question, rows.names, run, pace)),
    cohorts: (question, signal) => ask(signal, (run) => countCohorts(question, rows.names, run)),
    facts: (question, signal) =>
      ask(signal, async (run) => {
        const told = tables.dimensionsOfTable(tables.tableOf(question.metric.name)!);
        const names = await telling(told, question, run);
        return readFacts(question, { tables, names, fileOf: rows.loader.fileOf }, run);
      }),
    dimensionValues: (shop, dimension, signal) =>
      ask(signal, async (run) => {
        const id = rows.names.idOf(SHOP, shop);
        if (id === undefined) return [];
        const [column, table] = OF_PRODUCTS.includes(dimension)
          ? [dimension, 'products']
          : [dimensionColumn(dimension), 'goods_events'];
        const found = await run(`SELECT DISTINCT ${column} AS value FROM ${table} WHERE shop = ${id}`);
        return found.map(({ value }) => rows.names.valuesOf(dimension)[Number(value)]!);
      }),
    close: async () => {
      ended.abort();
      // A large lake takes minutes to be read, and nobody waits for that.
      rows.duck.connection.interrupt();
      await following;
      await refreshing.catch(() => {});
      rows.duck.close();
      await tail?.close();
      await lake.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The later of two times; one that is not known tells nothing. */
function latest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
