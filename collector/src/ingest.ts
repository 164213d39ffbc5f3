import type { Shop } from '@storepulse/contracts';
import type { Item } from './body/items.ts';
import { type Checked, type CheckFault, checkEvent } from './events/check.ts';
import type { OutgoingRecord, Sender, SendOutcome, Shops } from './kafka/port.ts';
import type { ItemResult } from './results.ts';

/** What taking events needs. */
export interface IngestDeps {
  readonly shops: Shops;
  readonly sender: Sender;
  /** Whether the sender may send events of a shop. */
  readonly maySend: (shop: string) => boolean;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
}

/** An event that goes to Kafka. */
type Accepted = Exclude<Checked, CheckFault>;

const UNAVAILABLE = {
  status: 'unavailable',
  code: 'kafka-unavailable',
  path: '',
} as const;

/**
 * Checks the events of a request, stores those that can be counted, and tells what became of each. Records of shops are
 * stored first: the events of a new shop follow it.
 * @returns results in the order of the items
 */
export async function ingest(items: readonly Item[], deps: IngestDeps): Promise<readonly ItemResult[]> {
  const { shops, sender, maySend, now } = deps;
  const time = now();
  const results = new Array<ItemResult>(items.length);
  const ids = new Set<string>();
  const told = new Map<string, Shop>();
  const shopOf = (shop: string) => told.get(shop) ?? shops.get(shop);

  /** Checks items; those that can be counted are returned by their index, the others have their result. */
  const check = (indexes: readonly number[]): Map<number, Accepted> => {
    const accepted = new Map<number, Accepted>();
    for (const index of indexes) {
      const item = items[index]!;
      const checked = 'value' in item ? checkEvent(item.value, { shopOf, maySend, now: time }) : item;
      if ('code' in checked) {
        results[index] = { index, status: 'rejected', ...checked };
        continue;
      }
      const { eventId } = checked.event;
      if (ids.has(eventId)) {
        results[index] = { index, status: 'duplicate', eventId };
        continue;
      }
      ids.add(eventId);
      accepted.set(index, checked);
    }
    return accepted;
  };
  const store = async (accepted: ReadonlyMap<number, Accepted>): Promise<void> => {
    const records = [...accepted.values()].map(
      ({ record }): OutgoingRecord => ({ ...record, timestamp: time }),
    );
    const outcomes = records.length === 0 ? [] : await sender.send(records);
    [...accepted].forEach(([index, { event }], i) => {
      results[index] = resultOf(index, event.eventId, outcomes[i]!);
    });
  };

  const all = [...items.keys()];
  const isShop = (index: number) => typeOf(items[index]!) === 'shop_upserted';
  const newShops = check(all.filter(isShop));
  await store(newShops);
  /** Shops of this request of which it is not known that they are stored. */
  const undecided = new Set<string>();
  for (const [index, { event }] of newShops) {
    if (event.type !== 'shop_upserted') continue;
    if (results[index]!.status === 'unavailable') undecided.add(event.shop);
    if (results[index]!.status !== 'accepted') continue;
    shops.add(event);
    told.set(event.shop, event);
  }

  const events = all.filter((index) => !isShop(index));
  const accepted = check(events);
  const ofUnknown = events.filter((index) => isOfUnknownShop(results[index]));
  if (ofUnknown.length > 0) {
    // Another collector may have stored the shop a moment ago.
    const unread = await shops.catchUp();
    for (const [index, event] of check(ofUnknown)) accepted.set(index, event);
    for (const index of ofUnknown) {
      const result = results[index];
      if (!isOfUnknownShop(result)) continue;
      const { shop } = (items[index] as { value: { shop: string } }).value;
      if (undecided.has(shop)) {
        const message = 'Kafka has not confirmed the record of its shop: send both again, unchanged';
        results[index] = { ...result!, ...UNAVAILABLE, message };
      } else if (unread !== undefined) {
        const message = `its shop is not known, and the topic shops is not read to its end: ${unread}`;
        results[index] = { ...result!, ...UNAVAILABLE, message };
      }
    }
  }
  await store(accepted);
  return results;
}

function typeOf(item: Item): unknown {
  return 'value' in item ? (item.value as { type?: unknown } | null)?.type : undefined;
}

function isOfUnknownShop(result: ItemResult | undefined): boolean {
  return result !== undefined && 'code' in result && result.code === 'unknown-shop';
}

function resultOf(index: number, eventId: string, outcome: SendOutcome): ItemResult {
  if (outcome === 'stored') return { index, status: 'accepted', eventId };
  if (outcome === 'too-large') {
    const message = 'its topic takes no record of this size';
    return { index, status: 'rejected', eventId, code: 'too-large', path: '', message };
  }
  const message = 'Kafka has not confirmed it in time: send it again, unchanged; it counts once';
  return { index, eventId, ...UNAVAILABLE, message };
}
