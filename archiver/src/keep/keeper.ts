import { randomUUID } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Duck,
  LakeError,
  type LakeStore,
  type LakeType,
  localPath,
  mergedPath,
  quoted,
} from '@storepulse/lake';
import type { LakeCollections, LakeFile } from '@storepulse/lake/manifest';
import { PARQUET_OPTIONS } from '@storepulse/lake/write';
import type { MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import type { LakeSize, Telemetry } from '../operate/telemetry.ts';
import type { OnStep } from '../steps.ts';
import { carryOutErasures } from './erasures.ts';
import { commitReplacement, giveLeaseBack, type Keepership, renewLease, takeLease } from './lease.ts';
import { type Merge, planMerges } from './plan-merges.ts';
import { sweepOrphans, sweepRemoved } from './sweep.ts';

/** What keeping the lake needs. */
export interface KeeperDependencies {
  readonly client: MongoClient;
  readonly collections: LakeCollections;
  readonly duck: Duck;
  readonly store: LakeStore;
  readonly scratch: string;
  readonly lakeTypes: ReadonlyMap<string, LakeType>;
  /** The shops that are known, each with its running day as `YYYY-MM-DD`. */
  readonly today: (shops: readonly string[]) => ReadonlyMap<string, string>;
  readonly owner: string;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly now: () => number;
  readonly onStep: OnStep;
  readonly fileBytes: number;
  readonly mergeMs: number;
  readonly keepMs: number;
  /** How often it looks for work. @default 10 s */
  readonly roundMs?: number;
  /** How long a keeper that says nothing is waited for. @default 60 s */
  readonly leaseMs?: number;
}

/** Merges small files, carries out erasures and deletes what nobody needs; one process of all does it. */
export interface Keeper {
  start(): void;
  stop(): Promise<void>;
  /** One round, for tests: true when this process has the lease. */
  round(): Promise<boolean>;
}

const SWEEP_EVERY_MS = 3_600_000;
/** The whole manifest is read to see what is to be merged. */
const LOOK_EVERY_MS = 60_000;

/** Builds the keeper. */
export function createKeeper(dependencies: KeeperDependencies): Keeper {
  const { client, collections, logger, telemetry, now, owner, roundMs = 10_000, leaseMs } = dependencies;
  let keepership: Keepership | undefined;
  let mergedAt = 0;
  let sweptAt = 0;
  let lookedAt = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();

  const mergeSmall = async (kept: Keepership): Promise<void> => {
    const ended = now() - mergedAt >= dependencies.mergeMs;
    const files = await collections.files.find().toArray();
    const today = dependencies.today([...new Set(files.map(({ shop }) => shop))]);
    for (const merge of planMerges(files, today, { ended, fileBytes: dependencies.fileBytes })) {
      if (stopped) return;
      await mergeFiles(dependencies, kept, merge);
      await renewLease(collections, kept, now(), leaseMs);
    }
    if (!ended) return;
    mergedAt = now();
    const set = { mergedAt: new Date(mergedAt) };
    const nothing = { inputs: [], outputs: [], deleteAt: set.mergedAt };
    await commitReplacement(collections, kept, { ...nothing, set }, () => undefined);
  };
  const work = async (kept: Keepership): Promise<void> => {
    await carryOutErasures(dependencies, kept);
    if (now() - lookedAt >= Math.min(LOOK_EVERY_MS, dependencies.mergeMs)) {
      lookedAt = now();
      await mergeSmall(kept);
      telemetry.noteFiles(await sumOfFiles(collections));
    }
    await sweepRemoved(dependencies);
    // At first it may come before the claims that say which files are left over.
    if (now() - sweptAt >= Math.min(SWEEP_EVERY_MS, dependencies.mergeMs)) {
      telemetry.orphans.inc(await sweepOrphans(dependencies, kept));
      sweptAt = now();
    }
  };
  const round = async (): Promise<boolean> => {
    if (keepership && !(await renewLease(collections, keepership, now(), leaseMs))) {
      await keepership.session.endSession();
      keepership = undefined;
    }
    if (!keepership) {
      keepership = await takeLease(client, collections, owner, now(), leaseMs);
      if (!keepership) return false;
      mergedAt = keepership.mergedAt?.getTime() ?? 0;
      sweptAt = 0;
    }
    try {
      await work(keepership);
    } catch (error) {
      if (!(error instanceof LakeError && error.code === 'FENCED')) throw error;
      logger.warn({ err: error }, 'the lake is looked at again');
      const stored = await collections.keeper.findOne({ _id: 'keeper' });
      if (stored) keepership.seq = stored.epoch === keepership.epoch ? stored.seq : keepership.seq;
    }
    return true;
  };
  const schedule = () => {
    timer = setTimeout(() => {
      running = round()
        .catch((error) => {
          telemetry.failures.inc();
          logger.error({ err: error }, 'keeping the lake has failed; it is tried again');
        })
        .then(() => {
          if (!stopped) schedule();
        });
    }, roundMs);
  };

  return {
    start: schedule,
    round,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
      if (keepership) await giveLeaseBack(collections, keepership);
    },
  };
}

/** Live files, their rows and bytes. */
async function sumOfFiles({ files }: LakeCollections): Promise<LakeSize> {
  const sums = { files: { $sum: 1 }, rows: { $sum: '$rows' }, bytes: { $sum: '$bytes' } };
  const [found] = await files.aggregate<LakeSize>([{ $group: { _id: null, ...sums } }]).toArray();
  return found ?? { files: 0, rows: 0, bytes: 0 };
}

/** Writes files as one, in the order of event time, and puts it into their place. */
async function mergeFiles(
  dependencies: KeeperDependencies,
  kept: Keepership,
  { shop, type, period, inputs }: Merge,
): Promise<void> {
  const { collections, duck, store, scratch, onStep, telemetry, now } = dependencies;
  const folder = join(scratch, 'inputs');
  const local = await Promise.all(inputs.map(({ _id }) => localPath(store, _id, folder)));
  const id = randomUUID();
  const file = join(scratch, `${id}.parquet`);
  // All columns that are there, also those of a later release.
  await duck.run(
    `COPY (SELECT * FROM read_parquet([${local.map(quoted).join(', ')}], union_by_name = true, hive_partitioning = false) ORDER BY occurred_at, topic, partition, "offset") TO ${quoted(file)} (${PARQUET_OPTIONS})`,
  );
  const output = mergedFile(inputs, {
    _id: mergedPath(shop, type, period, kept.epoch, id),
    period,
    bytes: (await stat(file)).size,
    at: new Date(now()),
  });
  await store.put(output._id, file);
  await rm(file);
  await rm(folder, { recursive: true, force: true });
  onStep('merge-stored');
  const deleteAt = new Date(now() + dependencies.keepMs);
  await commitReplacement(collections, kept, { inputs, outputs: [output], deleteAt }, () =>
    onStep('in-merge-commit'),
  );
  onStep('merge-committed');
  telemetry.merged.inc(inputs.length);
}

/** What the manifest says of a file that holds what some files held. */
export function mergedFile(
  inputs: readonly LakeFile[],
  of: Pick<LakeFile, '_id' | 'period' | 'bytes' | 'at'>,
): LakeFile {
  const { shop, type } = inputs[0]!;
  const least = <T extends string | number>(values: readonly T[]) => values.reduce((a, b) => (b < a ? b : a));
  const greatest = <T extends string | number>(values: readonly T[]) =>
    values.reduce((a, b) => (b > a ? b : a));
  return {
    ...of,
    shop,
    type,
    firstDate: least(inputs.map(({ firstDate }) => firstDate)),
    lastDate: greatest(inputs.map(({ lastDate }) => lastDate)),
    firstAt: least(inputs.map(({ firstAt }) => firstAt)),
    lastAt: greatest(inputs.map(({ lastAt }) => lastAt)),
    rows: inputs.reduce((sum, { rows }) => sum + rows, 0),
  };
}
