import { COLLECTIONS, type WarehouseRunDocument } from '@storepulse/contracts';
import type { ClientSession, Db, Filter } from 'mongodb';
import type { WarehouseProgress } from './store.ts';

/** Reads how the warehouse is doing from its run log, which holds a run or two a day. */
export async function readWarehouse(
  db: Db,
  limits: { readonly maxTimeMS: number; readonly session: ClientSession },
): Promise<WarehouseProgress> {
  const runs = db.collection<WarehouseRunDocument>(COLLECTIONS.warehouseRuns);
  const latest = (filter: Filter<WarehouseRunDocument>) =>
    runs.findOne(filter, {
      ...limits,
      sort: { startedAt: -1 },
      projection: { startedAt: 1, outcome: 1, differences: 1 },
    });
  const ofRuns = { kind: { $ne: 'reconcile' } } as const;
  const ended = await latest({ ...ofRuns, outcome: { $ne: 'running' } });
  if (!ended) return {};
  const succeeded = await latest({ ...ofRuns, outcome: 'succeeded' });
  const compared = await latest({ kind: 'reconcile', differences: { $exists: true } });
  return {
    isFailing: ended.outcome === 'failed',
    ...(succeeded ? { succeededAt: succeeded.startedAt } : {}),
    ...(compared ? { reconciled: { at: compared.startedAt, differences: compared.differences! } } : {}),
  };
}
