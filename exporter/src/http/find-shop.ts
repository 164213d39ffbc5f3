import type { Shop } from '@storepulse/contracts';
import { type Caller, shopsFor } from '@storepulse/http';
import { unknownShop } from '../query/answer.ts';
import type { MetricStore } from '../store/store.ts';

/**
 * A shop that a caller may see.
 * @throws {ExporterError} `unknown_shop`, also for one that there is and they may not see
 */
export async function findShop(
  store: Pick<MetricStore, 'shops'>,
  caller: Caller,
  shop: string,
): Promise<Shop> {
  const shops = shopsFor(caller, await store.shops());
  const found = shops.find((each) => each.shop === shop);
  if (!found) throw unknownShop(shop, shops);
  return found;
}
