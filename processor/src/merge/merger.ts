import {
  type MetricDocument,
  type PartialDocument,
  parseWindowId,
  type WindowRef,
  windowExpiry,
} from '@storepulse/contracts';
import { type AnyBulkWriteOperation, type ClientSession, MongoBulkWriteError, type Timestamp } from 'mongodb';
import type { ShopCalendar } from '../aggregate/fold.ts';
import type { GroupPlan, Plan } from '../aggregate/plan.ts';
import { getOrCreate } from '../get-or-create.ts';
import type { OutputRecord } from '../kafka/port.ts';
import { readRebuildTasks } from '../rebuild/tasks.ts';
import type { Shops } from '../shops.ts';
import { beginCausalReads } from '../store/causal-reads.ts';
import type { Database } from '../store/database.ts';
import { takingTurns } from '../taking-turns.ts';
import { mergeWindow, type StoredWindow, toMetricRecord } from './merge-window.ts';
import { shopWatermark, type TaskProgress } from './watermark.ts';

/** Reads the tasks' progress as committed. */
export async function readProgress(
  { checkpoints }: Database,
  reads: ClientSession,
): Promise<Map<string, TaskProgress>> {
  const projection = { watermarks: 1, caughtUp: 1, readAt: 1, updatedAt: 1, since: 1 };
  const found = checkpoints.find({}, { session: reads, projection });
  return new Map((await found.toArray()).map((state) => [state._id, state]));
}

/**
 * Merges windows: reads what all tasks committed of them, writes `metrics`, returns what is to be published. A window whose
 * time to be kept has passed is taken off `metrics`, and its tombstone is to be published.
 * @param after what was committed up to then, by the server's time, is merged
 */
export type Merger = (windows: readonly string[], after?: Timestamp) => Promise<OutputRecord[]>;

/** Ids asked for in one query: some hundred bytes each, and a query may have 16 MB. */
const MAX_IDS = 10_000;

/** Builds the merger. Stateless: it may be repeated, and run twice at once, without harm. */
export function createMerger(options: {
  database: Database;
  plan: Plan;
  shops: Shops;
  tasksOf: ReadonlyMap<string, readonly string[]>;
  latenessMs: number;
  now: () => number;
}): Merger {
  const { database, plan, shops, tasksOf, latenessMs, now } = options;

  /** Each is found out once for all windows of a merge: it goes over all tasks. */
  const watermarksOf = (progress: ReadonlyMap<string, TaskProgress>): MergeContext['watermark'] => {
    const known = new Map<string, number | null>();
    return (shop, group) =>
      getOrCreate(known, `${group}|${shop}`, () =>
        shopWatermark(shop, tasksOf.get(group)!, progress, latenessMs, now()),
      );
  };
  /** Merges windows of which all partials are read at once. */
  const mergePart = async (
    known: readonly KnownWindow[],
    context: MergeContext,
    reads: ClientSession,
  ): Promise<OutputRecord[]> => {
    const ids = known.map(({ window }) => window);
    const [partials, stored] = await Promise.all([
      readPartials(
        database,
        known.flatMap(({ window, tasks }) => tasks.map((task) => `${task}|${window}`)),
        reads,
      ),
      readStored(database, ids, reads),
    ]);
    const ended = new Set(known.filter((one) => isOver(one, stored.get(one.window), now())));
    if (ended.size > 0) await takeOff(database, [...ended], now());
    const merged: { document: MetricDocument; group: GroupPlan }[] = [];
    const turns = takingTurns();
    for (const one of known) {
      if (ended.has(one)) continue;
      const { window, ref, group, shop } = one;
      await turns();
      const found = partials.get(window);
      if (!found) continue;
      const before = stored.get(window);
      const document = mergeWindow({
        window,
        partials: found,
        stored: before,
        group,
        calendar: shop.calendar,
        watermark: context.watermark(ref.shop, group.name),
        latenessMs,
        now: now(),
      });
      if (document.version >= (before?.version ?? 0)) merged.push({ document, group });
    }
    const documents = merged.map(({ document }) => document);
    if (!(await write(database, documents, stored))) return mergePart(known, context, reads);
    // Published also when the store had it already: a crash may have come between the two.
    const records: OutputRecord[] = [...ended].map(({ window }) => ({ key: window, value: null }));
    for (const { document, group } of merged) {
      await turns();
      records.push({ key: document._id, value: JSON.stringify(toMetricRecord(document, group)) });
    }
    return records;
  };

  return async (windows, after) => {
    // Another process may have counted a shop that this one has not heard of: its windows must not be passed over.
    const isUnknown = (window: string) => !shops.get(parseWindowId(window).shop);
    if (windows.some(isUnknown)) {
      const unread = await shops.refresh();
      if (unread && windows.some(isUnknown)) throw unread.error;
    }
    const reads = beginCausalReads(database.client, after);
    try {
      // Progress first: what a partial read after it holds is at least what the watermark vouches for.
      const [progress, rebuilding] = await Promise.all([
        readProgress(database, reads),
        readRebuildTasks(database.storedMetrics, reads),
      ]);
      const known = windows.flatMap((window): KnownWindow[] => {
        const ref = parseWindowId(window);
        const group = plan.groups[plan.groupIndex.get(ref.group) ?? -1];
        const shop = shops.get(ref.shop);
        if (!group || !shop) return [];
        return [
          {
            window,
            ref,
            group,
            shop,
            tasks: [...tasksOf.get(group.name)!, ...(rebuilding.get(group.name) ?? [])],
          },
        ];
      });
      const records: OutputRecord[] = [];
      const context = { watermark: watermarksOf(progress) };
      for (const part of partsOf(known)) records.push(...(await mergePart(part, context, reads)));
      return records;
    } finally {
      await reads.endSession();
    }
  };
}

interface KnownWindow {
  readonly window: string;
  readonly ref: WindowRef;
  readonly group: GroupPlan;
  readonly shop: ShopCalendar;
  /** The tasks that may have a partial of it. */
  readonly tasks: readonly string[];
}

interface MergeContext {
  /** A shop's watermark over the tasks of a metric group. */
  readonly watermark: (shop: string, group: string) => number | null;
}

/** Windows in parts of which the partials can be asked for in one query; a part has one window at least. */
export function partsOf<T extends { readonly tasks: readonly string[] }>(windows: readonly T[]): T[][] {
  const parts: T[][] = [];
  let ids = 0;
  for (const window of windows) {
    const part = parts.at(-1);
    ids += window.tasks.length;
    if (part && ids <= MAX_IDS) part.push(window);
    else {
      parts.push([window]);
      ids = window.tasks.length;
    }
  }
  return parts;
}

async function readPartials(
  { partials }: Database,
  ids: readonly string[],
  reads: ClientSession,
): Promise<Map<string, PartialDocument[]>> {
  const byWindow = new Map<string, PartialDocument[]>();
  // One window may have more tasks than a query may have ids.
  for (let at = 0; at < ids.length; at += MAX_IDS) {
    const asked = ids.slice(at, at + MAX_IDS);
    const found = partials.find({ _id: { $in: asked } }, { session: reads, promoteBuffers: true });
    for await (const partial of found) getOrCreate(byWindow, partial.window, () => []).push(partial);
  }
  return byWindow;
}

/** Whether a window's time to be kept has passed: as it was stored, and as the shop is now where it is not, or no more. */
function isOver({ ref, shop }: KnownWindow, stored: StoredWindow | undefined, now: number): boolean {
  const expiry = stored ? stored.expireAt?.getTime() : windowExpiry(ref, shop.shop.retention, shop.calendar);
  return typeof expiry === 'number' && expiry <= now;
}

/** Takes windows off the store; asked for again, after a crash in between, they are told as ended again. */
async function takeOff(
  { metrics, partials }: Database,
  windows: readonly KnownWindow[],
  now: number,
): Promise<void> {
  const expireAt = { $lte: new Date(now) };
  const shares = windows.flatMap(({ window, tasks }) => tasks.map((task) => `${task}|${window}`));
  // Before the windows: one that was counted and is not stored would look as if it were still to be merged.
  await partials.deleteMany({ _id: { $in: shares }, expireAt });
  await metrics.deleteMany({ _id: { $in: windows.map(({ window }) => window) }, expireAt });
}

async function readStored(
  { metrics }: Database,
  ids: readonly string[],
  reads: ClientSession,
): Promise<Map<string, StoredWindow>> {
  const projection = { version: 1, final: 1, revision: 1, expireAt: 1 };
  const found = metrics.find({ _id: { $in: ids } }, { session: reads, projection });
  return new Map((await found.toArray()).map((window) => [window._id, window]));
}

/**
 * Writes each document that says something new, over exactly the one that it was merged upon.
 * @returns false when another process has written one of them meanwhile, so that they must be merged anew
 */
async function write(
  { metrics }: Database,
  documents: readonly MetricDocument[],
  stored: ReadonlyMap<string, StoredWindow>,
): Promise<boolean> {
  const operations = documents.flatMap((document): AnyBulkWriteOperation<MetricDocument>[] => {
    const { _id, ...replacement } = document;
    const { version, final } = replacement;
    const before = stored.get(_id);
    if (!before) return [{ insertOne: { document } }];
    if (before.version === version && before.final === final) return [];
    return [{ replaceOne: { filter: { ...before }, replacement } }];
  });
  if (operations.length === 0) return true;
  try {
    const { insertedCount, matchedCount } = await metrics.bulkWrite(operations, { ordered: false });
    return insertedCount + matchedCount === operations.length;
  } catch (error) {
    const onlyDuplicates =
      error instanceof MongoBulkWriteError && [error.writeErrors].flat().every(({ code }) => code === 11_000);
    if (!onlyDuplicates) throw error;
    return false;
  }
}
