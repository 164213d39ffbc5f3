import { type MetricDocument, type PartialDocument, parseWindowId } from '@storepulse/contracts';
import { type AnyBulkWriteOperation, MongoBulkWriteError } from 'mongodb';
import type { GroupPlan, Plan } from '../aggregate/plan.ts';
import type { OutputRecord } from '../kafka/port.ts';
import { readRebuildTasks } from '../rebuild/tasks.ts';
import type { Shops } from '../shops.ts';
import type { Database } from '../store/database.ts';
import { mergeWindow, type StoredWindow, toMetricRecord } from './merge-window.ts';
import { shopWatermark, type TaskProgress } from './watermark.ts';

/** Reads the tasks' progress as committed. */
export async function readProgress({ checkpoints }: Database): Promise<Map<string, TaskProgress>> {
  const found = checkpoints.find({}, { projection: { watermarks: 1, caughtUp: 1, updatedAt: 1 } });
  return new Map((await found.toArray()).map((state) => [state._id, state]));
}

/** Merges windows: reads what all tasks committed of them, writes `metrics`, returns what is to be published. */
export type Merger = (windows: readonly string[]) => Promise<OutputRecord[]>;

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

  const merge: Merger = async (windows) => {
    // Another process may have counted a shop that this one has not heard of: its windows must not be passed over.
    if (windows.some((window) => !shops.get(parseWindowId(window).shop))) await shops.refresh();
    const known = windows.flatMap((window) => {
      const ref = parseWindowId(window);
      const group = plan.groups[plan.groupIndex.get(ref.group) ?? -1];
      const shop = shops.get(ref.shop);
      return group && shop ? [{ window, ref, group, shop }] : [];
    });
    // Progress first: what a partial read after it holds is at least what the watermark vouches for.
    const [progress, rebuilding] = await Promise.all([
      readProgress(database),
      readRebuildTasks(database.storedMetrics),
    ]);
    const partialsOf = ({ name }: GroupPlan) => [...tasksOf.get(name)!, ...(rebuilding.get(name) ?? [])];
    const [partials, stored] = await Promise.all([
      readPartials(
        database,
        known.flatMap(({ window, group }) => partialsOf(group).map((task) => `${task}|${window}`)),
      ),
      readStored(
        database,
        known.map(({ window }) => window),
      ),
    ]);

    const merged: { document: MetricDocument; group: GroupPlan }[] = [];
    for (const { window, ref, group, shop } of known) {
      const found = partials.get(window);
      if (!found) continue;
      const watermark = shopWatermark(ref.shop, tasksOf.get(group.name)!, progress, latenessMs, now());
      const before = stored.get(window);
      const document = mergeWindow({
        window,
        partials: found,
        stored: before,
        group,
        calendar: shop.calendar,
        watermark,
        latenessMs,
        now: now(),
      });
      if (document.version >= (before?.version ?? 0)) merged.push({ document, group });
    }
    const isNew = await write(
      database,
      merged.map(({ document }) => document),
      stored,
    );
    if (!isNew) return merge(windows);
    // Published also when the store had it already: a crash may have come between the two.
    return merged.map(({ document, group }) => ({
      key: document._id,
      value: JSON.stringify(toMetricRecord(document, group)),
    }));
  };
  return merge;
}

async function readPartials({ partials }: Database, ids: string[]): Promise<Map<string, PartialDocument[]>> {
  const byWindow = new Map<string, PartialDocument[]>();
  for await (const partial of partials.find({ _id: { $in: ids } }, { promoteBuffers: true })) {
    byWindow.set(partial.window, [...(byWindow.get(partial.window) ?? []), partial]);
  }
  return byWindow;
}

async function readStored({ metrics }: Database, ids: string[]): Promise<Map<string, StoredWindow>> {
  const found = metrics.find({ _id: { $in: ids } }, { projection: { version: 1, final: 1, revision: 1 } });
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
