import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreEvent } from '@storepulse/contracts';
import { anOrder, SHOP } from '@storepulse/contracts/testing/events';

/** Clients of a collector that send orders of a shop, and what was acknowledged to them. */
export interface ShopClients {
  /** Ids of the orders that the collector has called accepted. */
  readonly acknowledged: ReadonlySet<string>;
  /** How often some events had to be sent again. */
  readonly repeated: number;
  /** Tells what the shop is; returns when that is acknowledged. */
  open(): Promise<void>;
  /** Sends on until told to stop; the returned function does so and waits until all that was begun is acknowledged. */
  sendOn(): () => Promise<void>;
}

const CLIENTS = 3;
const BATCH = 20;
const PAUSE_MS = 20;

interface Item {
  readonly index: number;
  readonly status: 'accepted' | 'duplicate' | 'rejected' | 'unavailable';
}

/** Makes clients that behave as the pages of the reference ask for: what is not acknowledged is sent again, unchanged. */
export function createShopClients(url: string, shop: string): ShopClients {
  const acknowledged = new Set<string>();
  let made = 0;
  let repeated = 0;
  let isSending = false;

  /** Sends events until all are acknowledged. */
  const deliver = async (events: readonly StoreEvent[], onAccepted: (id: string) => void) => {
    let left = events;
    while (left.length > 0) {
      const answer = await fetch(`${url}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(left),
      });
      const { items = [] } = (await answer.json()) as { items?: readonly Item[] };
      const wrong = items.find(({ status }) => status === 'rejected' || status === 'duplicate');
      if (wrong) throw new Error(`the collector rejected an order: ${JSON.stringify(wrong)}`);
      const taken = new Set(items.filter(({ status }) => status === 'accepted').map(({ index }) => index));
      for (const index of taken) onAccepted(left[index]!.eventId);
      left = left.filter((_event, index) => !taken.has(index));
      if (left.length === 0) return;
      repeated += 1;
      await sleep(1_000 * Number(answer.headers.get('retry-after')));
    }
  };
  const orders = () =>
    Array.from({ length: BATCH }, () => {
      made += 1;
      const name = `${shop}-${made}`;
      return anOrder({
        ...{ shop, orderId: name, eventId: `event-${name}`, eventTime: Date.now() },
        ...{ visitorId: `visitor-${name}`, sessionId: `session-${name}` },
      });
    });
  const client = async () => {
    while (isSending) {
      await deliver(orders(), (id) => acknowledged.add(id.slice('event-'.length)));
      await sleep(PAUSE_MS);
    }
  };
  return {
    acknowledged,
    get repeated() {
      return repeated;
    },
    open: () => deliver([{ ...SHOP, shop, eventId: `shop-event-${shop}` }], () => undefined),
    sendOn: () => {
      isSending = true;
      const clients = Promise.all(Array.from({ length: CLIENTS }, client));
      // Its failure is told to whoever stops it.
      clients.catch(() => undefined);
      return async () => {
        isSending = false;
        await clients;
      };
    },
  };
}
