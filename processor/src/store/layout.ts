import { type Catalog, LAYOUT_VERSION, type LayoutDocument } from '@storepulse/contracts';
import type { Collection } from 'mongodb';
import { ProcessorError } from '../errors.ts';

/**
 * Records the layout at the first start, and refuses one that the stored state does not fit.
 * @throws {ProcessorError} `LAYOUT_UNKNOWN`, `PARTITIONS_CHANGED` or `METRIC_CHANGED`, each naming the way out.
 */
export async function checkLayout(
  meta: Collection<LayoutDocument>,
  catalog: Catalog,
  partitions: number,
): Promise<void> {
  const hashes = Object.fromEntries(catalog.schemaHashes);
  const layout: LayoutDocument = { _id: 'layout', version: LAYOUT_VERSION, partitions, schemaHashes: hashes };
  const stored = await meta.findOneAndUpdate(
    { _id: 'layout' },
    { $setOnInsert: layout },
    { upsert: true, returnDocument: 'after' },
  );
  if (!stored) return;
  if (stored.version !== LAYOUT_VERSION) {
    throw new ProcessorError(
      'LAYOUT_UNKNOWN',
      `The database holds layout version ${stored.version}, this processor writes ${LAYOUT_VERSION}: use the release that wrote it, or an empty MONGODB_DATABASE.`,
    );
  }
  if (stored.partitions !== partitions) {
    throw new ProcessorError(
      'PARTITIONS_CHANGED',
      `The input topics have ${partitions} partitions, the stored state was built over ${stored.partitions}: visitors would move between tasks. Restore the partition count, or process the log anew into an empty MONGODB_DATABASE.`,
    );
  }
  const changed = Object.entries(hashes).filter(
    ([name, hash]) => stored.schemaHashes[name] !== undefined && stored.schemaHashes[name] !== hash,
  );
  if (changed.length > 0) {
    throw new ProcessorError(
      'METRIC_CHANGED',
      `The definition of ${changed.map(([name]) => name).join(', ')} changed since its cells were stored: give the metric a new name, or process the log anew into an empty MONGODB_DATABASE.`,
    );
  }
  await meta.updateOne({ _id: 'layout' }, { $set: { schemaHashes: { ...stored.schemaHashes, ...hashes } } });
}
