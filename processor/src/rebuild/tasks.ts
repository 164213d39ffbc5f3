import type { RebuildDocument, StoredMetricDocument } from '@storepulse/contracts';
import type { ClientSession, Collection } from 'mongodb';

/** The tasks of a rebuild: one for each live task whose part of the log it reads again. */
export const rebuildTasks = ({ id, tasks }: Pick<RebuildDocument, 'id' | 'tasks'>): string[] =>
  tasks.map((task) => `${id}/${task}`);

/**
 * By metric group, the tasks of all rebuilds: their partials are merged like any others. Read at each merge, since a
 * rebuild begins while merging goes on.
 */
export async function readRebuildTasks(
  collection: Collection<StoredMetricDocument>,
  reads: ClientSession,
): Promise<Map<string, string[]>> {
  const byGroup = new Map<string, string[]>();
  const found = collection.find(
    { rebuilds: { $exists: true } },
    { session: reads, projection: { rebuilds: 1 } },
  );
  for await (const { rebuilds = [] } of found) {
    for (const rebuild of rebuilds) {
      byGroup.set(rebuild.group, [...(byGroup.get(rebuild.group) ?? []), ...rebuildTasks(rebuild)]);
    }
  }
  return byGroup;
}
