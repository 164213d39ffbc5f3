import type { AddressInfo } from 'node:net';
import {
  catalog,
  type MetricDocument,
  parseWindowId,
  type Shop,
  type StoreEvent,
  windowEnd,
  windowId,
  zoneCalendar,
} from '@storepulse/contracts';
import { appOver } from '@storepulse/exporter/testing/app';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { compilePlan } from '@storepulse/processor/aggregate/plan';
import { memoryTask } from '@storepulse/processor/testing/memory-task';
import { factsOf } from '../depth/lives.ts';

/** What a business fact counts once by. */
const KEY_OF: Readonly<Record<string, string>> = {
  order_placed: 'orderId',
  order_edited: 'editId',
  refund_issued: 'refundId',
  order_cancelled: 'orderId',
  payment_authorized: 'paymentId',
  payment_failed: 'paymentId',
};

/** The facts among events, each once. */
function countedOnce(events: readonly StoreEvent[]): StoreEvent[] {
  const once = new Map<string, StoreEvent>();
  for (const event of events) {
    const field = KEY_OF[event.type];
    if (!field) continue;
    const kind = field === 'paymentId' ? field : event.type;
    const key = `${kind}|${(event as unknown as Record<string, string>)[field]}`;
    if (!once.has(key)) once.set(key, event);
  }
  return [...once.values()];
}

/** Events that are counted as one batch. */
const BATCH = 2_000;

/**
 * What the stream makes of a shop's events, without servers: the processor's counting into memory, and the exporter's API
 * over that on a port of its own. Visits are not judged. The shop's days must be those of London.
 * @returns its address, and what ends it
 */
export async function streamOf(
  shop: Shop,
  events: readonly StoreEvent[],
): Promise<{ url: string; close: () => Promise<void> }> {
  const task = memoryTask(compilePlan(catalog));
  for (let at = 0; at < events.length; at += BATCH) {
    await task.count(events.slice(at, at + BATCH));
    task.commit();
  }
  const calendar = zoneCalendar(shop.timeZone);
  const documents = Object.entries(task.windows()).flatMap(([id, cells]): MetricDocument[] => {
    const { start, ...window } = parseWindowId(id);
    if (window.resolution !== '1d') return [];
    // The task in memory names all windows by the shop of its own tests.
    const ref = { ...window, shop: shop.shop as typeof window.shop };
    const _id = windowId({ ...ref, start });
    const end = new Date(windowEnd('1d', start, calendar)!);
    const state = { version: 1, final: true, revision: 0, updatedAt: end };
    return [{ _id, ...ref, start: new Date(start), end, cells, ...state }];
  });
  const latest = Math.max(...events.map(({ eventTime }) => eventTime));
  const progress = [
    { offsets: { transactions: 1 }, watermarks: { [shop.shop]: 1 }, latest: { [shop.shop]: latest } },
  ];
  const app = await appOver(
    createMemoryStore({ shops: [shop], documents, progress, facts: factsOf(countedOnce(events)) }),
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => app.close() };
}
