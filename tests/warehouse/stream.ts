import type { AddressInfo } from 'node:net';
import {
  catalog,
  type MetricDocument,
  parseWindowId,
  type Shop,
  windowEnd,
  windowId,
  zoneCalendar,
} from '@storepulse/contracts';
import { appOver } from '@storepulse/exporter/testing/app';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { compilePlan } from '@storepulse/processor/aggregate/plan';
import { memoryTask } from '@storepulse/processor/testing/memory-task';
import { onceEach } from '../depth/brute-force.ts';
import { factsOf } from '../depth/lives.ts';
import { type LoggedEvent, placedIn } from './lake-of-events.ts';

/** Events that are counted as one batch. */
const BATCH = 2_000;

/**
 * What the stream makes of a shop's events, without servers: the processor's counting into memory, and the exporter's API
 * over that on a port of its own. Visits are not judged. The shop's days must be those of London.
 * @param logged in the order of the log
 * @returns its address, and what ends it
 */
export async function streamOf(
  shop: Shop,
  logged: readonly LoggedEvent[],
): Promise<{ url: string; close: () => Promise<void> }> {
  const events = logged.map(({ event }) => event);
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
    createMemoryStore({ shops: [shop], documents, progress, facts: factsOf(onceEach(placedIn(logged))) }),
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => app.close() };
}
