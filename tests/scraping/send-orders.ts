import { setTimeout as sleep } from 'node:timers/promises';
import { anOrder, SHOP } from '@storepulse/contracts/testing/events';

const BATCH = 20;
const PAUSE_MS = 200;

/** A shop that sells on, whatever becomes of the collector. */
export interface SellingShop {
  /** Ids of the orders that the collector has called accepted. */
  readonly accepted: ReadonlySet<string>;
  /** Ends when everything that was begun is accepted. */
  stop(): Promise<void>;
}

/** Tells the collector of a shop; returns when that is acknowledged. */
export async function openShop(url: string, shop: string): Promise<void> {
  await deliver(url, [{ ...SHOP, shop, eventId: `shop-event-${shop}` }]);
}

/** Sells on. What is not acknowledged is sent again, unchanged, until it is. */
export function sellOn(url: string, shop: string): SellingShop {
  const accepted = new Set<string>();
  let goesOn = true;
  let made = 0;
  const selling = (async () => {
    while (goesOn) {
      const orders = Array.from({ length: BATCH }, () => {
        const id = `${shop}-${++made}`;
        const ids = { orderId: id, eventId: `event-${id}`, visitorId: `v-${id}`, sessionId: `s-${id}` };
        return anOrder({ shop, ...ids, eventTime: Date.now() });
      });
      await deliver(url, orders);
      for (const { orderId } of orders) accepted.add(orderId);
      await sleep(PAUSE_MS);
    }
  })();
  // Its failure is told to whoever stops it.
  selling.catch(() => undefined);
  return {
    accepted,
    stop: () => {
      goesOn = false;
      return selling;
    },
  };
}

/** Sends events until all are acknowledged. @throws {Error} when one is wrong */
async function deliver(url: string, events: readonly object[]): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/v1/events`, {
      ...{ method: 'POST', body: JSON.stringify(events) },
      headers: { 'content-type': 'application/json' },
    }).catch(() => undefined);
    if (answer?.status === 200) return;
    const text = await answer?.text().catch(() => '');
    if (answer?.status === 422) throw new Error(text);
    await sleep(PAUSE_MS);
  }
}
