import { COLLECTIONS, LAYOUT_VERSION, type Shop } from '@storepulse/contracts';
import type { Database } from '@storepulse/processor/store/database';

/**
 * Writes what an exporter asks for beside windows: the shop, the layout, and a task that has counted all of it.
 * @param to the end of what is stored, epoch ms
 */
export async function openShop({ db }: Pick<Database, 'db'>, shop: Shop, to: number): Promise<void> {
  const { type: _, ...record } = shop;
  const named = (name: string) => db.collection<{ _id: string }>(name);
  await named(COLLECTIONS.shops).insertOne({ _id: shop.shop, ...record });
  await named(COLLECTIONS.meta).insertOne({ _id: 'layout', version: LAYOUT_VERSION } as never);
  const counted = {
    offsets: { transactions: 1 },
    latest: { [shop.shop]: to },
    watermarks: { [shop.shop]: to },
  };
  await named(COLLECTIONS.checkpoints).insertOne({ _id: 'facts/0', ...counted } as never);
}
