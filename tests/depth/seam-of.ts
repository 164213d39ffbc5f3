import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { createTail, type Tail } from '@storepulse/archiver/tail/tail';
import { catalog, type TailState, zoneCalendar } from '@storepulse/contracts';
import { type Depth, openDepth } from '@storepulse/exporter/depth/depth';
import { LAKE_TYPES, type LakeFile } from '@storepulse/lake';
import type { LakeCollections } from '@storepulse/lake/manifest';
import fc from 'fast-check';
import { lakeOfLog, placedIn } from '../warehouse/lake-of-events.ts';
import { simulate } from '../warehouse/simulated.ts';
import { asker, assertAsBruteForce, type OverLake, randomQueries } from './asked.ts';
import { bruteForce, onceEach } from './brute-force.ts';
import { type MemoryLog, memoryLog } from './memory-log.ts';

const MORNING = Date.UTC(2026, 2, 28, 9);
const DAY = 86_400_000;
/** What is asked for. */
export const RANGE = { from: MORNING - DAY, to: MORNING + 3 * DAY };
/** Nobody was erased before. */
const NOBODY = { find: () => ({ toArray: async () => [] }) } as unknown as LakeCollections['erased'];
const { signal } = new AbortController();

/** Rows of a lake and of the log beyond it, and a test that says how far both go. */
export interface Seam {
  readonly log: MemoryLog;
  readonly tail: Tail;
  readonly depth: Depth;
  readonly ask: OverLake['ask'];
  /** Moves the lake: everything of a partition before an offset is in it. */
  archive(id: string, next: number): Promise<void>;
  /** How far the lake goes. */
  nextOf(id: string): number;
  /** Time goes on, so that rows are not current any more. */
  later(ms?: number): void;
  /** Asks, and brings rows up until the log is as it should be: on a machine that is busy it takes some turns. */
  bringUp(state?: TailState): Promise<void>;
  /** Holds the API's answers to random queries against brute force over all events that are shown. @returns how many numbers */
  assertAllShown(seed: number, queries: number): Promise<number>;
  readonly failures: readonly Error[];
  /** Where the log's files lie. */
  readonly tailFolder: string;
  close(): Promise<void>;
}

/**
 * Opens rows over a lake that has nothing, and a log of which nothing is shown.
 * @param size how much the shop has, as `simulate` takes it
 */
export async function openSeam(
  folder: string,
  { size = 200, maxBytes = 64_000_000 }: { size?: number; maxBytes?: number } = {},
): Promise<Seam> {
  const { shop, events } = simulate(MORNING, size, 0.03);
  const until = Math.max(...events.map(({ event }) => event.eventTime)) - 3_600_000;
  const below = await mkdtemp(join(folder, 'own-'));
  const tailFolder = join(below, 'tail');
  const log = memoryLog(shop, placedIn(events));
  const files: LakeFile[] = [];
  const failures: Error[] = [];
  let time = until;
  const now = () => time;
  const tail = createTail({
    ...{ open: log.open, lakeTypes: LAKE_TYPES, folder: tailFolder, maxBytes, now },
    collections: {
      erased: NOBODY,
      tasks: { find: () => ({ toArray: async () => log.tasks() }) } as unknown as LakeCollections['tasks'],
    },
    onFailure: (error) => failures.push(error),
  });
  const latest = { [shop.shop]: until };
  const depth = await openDepth({
    ...{ catalog, tail, now, memoryMb: 256, everyMs: 0, scratch: join(below, 'scratch') },
    lake: {
      progress: async () => [{ _id: 'facts/0', offsets: { transactions: 0 }, watermarks: latest, latest }],
      manifest: async () => ({ files: [...files], tasks: log.tasks(), seamAt: 0 }),
      place: async (path) => join(below, path),
      keepOnly: async () => {},
      close: async () => {},
    },
    onFailure: (error) => {
      throw error;
    },
  });
  await depth.refresh();
  const ask = asker(shop, depth, until);
  const nextOf = (id: string) => log.tasks().find(({ _id }) => _id === id)?.next ?? 0;
  const later = (ms = 2_000) => {
    time += ms;
  };
  return {
    ...{ log, tail, depth, ask, failures, tailFolder, nextOf, later },
    archive: async (id, next) => {
      const own = log.logs.get(id)!.slice(nextOf(id), next);
      files.push(...(await lakeOfLog(below, new Map([[shop.shop, shop]]), own)));
      log.archive(id, next);
    },
    bringUp: async (state = 'current') => {
      const seen: unknown[] = [];
      for (const began = Date.now(); Date.now() - began < 60_000; ) {
        later();
        await depth.current(signal);
        await depth.refresh();
        seen.push(depth.state()!.tail!.state);
        if (seen.at(-1) === state) return;
      }
      assert.fail(`the log is not ${state}, but ${seen.slice(-20)}`);
    },
    assertAllShown: async (seed, queries) => {
      const shown = [...log.logs].flatMap(([id, own]) => own.slice(0, log.highOf(id)));
      const oracle = bruteForce(onceEach(shown), until, zoneCalendar(shop.timeZone));
      const over: OverLake = { depth, oracle, until, ask, load: async () => {}, close: async () => {} };
      const asked = fc.sample(randomQueries(over, RANGE.from, RANGE.to), { numRuns: queries, seed });
      return assertAsBruteForce(over, shop, asked);
    },
    close: () => depth.close(),
  };
}

/**
 * Shows more of the log and moves the lake, at random, and holds what is answered at each seam against brute force.
 * @returns how many numbers were compared
 */
export async function assertAtRandomSeams(
  seam: Seam,
  { seams, queries, seed }: { seams: number; queries: number; seed: number },
): Promise<number> {
  const ids = [...seam.log.logs.keys()];
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const shares = fc.array(share, { minLength: ids.length, maxLength: ids.length });
  const steps = fc.sample(fc.record({ shown: shares, archived: shares }), { numRuns: seams, seed });
  let compared = 0;
  for (const [n, { shown, archived }] of steps.entries()) {
    for (const [i, id] of ids.entries()) {
      const [high, all] = [seam.log.highOf(id), seam.log.logs.get(id)!.length];
      seam.log.show(id, high + Math.round(shown[i]! ** 2 * (all - high)));
    }
    await seam.bringUp();
    // Half of the partitions: the lake commits one after the other, and may have what nobody has read yet.
    for (const [i, id] of ids.entries()) {
      const next = seam.nextOf(id);
      if ((i + n) % 2 === 0)
        await seam.archive(id, next + Math.round(archived[i]! * (seam.log.highOf(id) - next)));
    }
    await seam.bringUp();
    compared += await seam.assertAllShown(seed + n, queries);
  }
  for (const id of ids) {
    const all = seam.log.logs.get(id)!.length;
    seam.log.show(id, all);
    await seam.archive(id, all);
  }
  await seam.bringUp();
  return compared + (await seam.assertAllShown(seed, queries));
}
