import { setTimeout as sleep } from 'node:timers/promises';
import type { Shops } from './port.ts';
import type { ShopTable } from './shop-table.ts';
import type { TopicLog } from './topic-log.ts';

/** How long an event of an unknown shop waits for the topic to be read to its end, ms. */
const PATIENCE_MS = 2_000;
const AGAIN_AFTER_MS = 1_000;

/**
 * Reads the topic `shops` from its beginning, and goes on. After any failure it is opened and read anew: it is small,
 * and reading it twice does no harm.
 * @param open opens the topic
 * @param onFailure told of each failure, and that it is tried again
 */
export function followShops(
  table: ShopTable,
  open: () => TopicLog,
  onFailure: (error: unknown) => void,
): Shops {
  const stopping = new AbortController();
  const waiting = new Set<() => void>();
  let log: TopicLog | undefined;
  let next: bigint[] | undefined;
  let trouble: string | undefined = 'the topic shops is being read';

  const isReadTo = (ends: readonly bigint[]) =>
    next !== undefined && ends.every((end, partition) => (next![partition] ?? 0n) >= end);
  const readOn = async (current: TopicLog): Promise<void> => {
    const ends = await current.offsets('end');
    next = [...(await current.offsets('begin'))];
    while (!stopping.signal.aborted) {
      if (isReadTo(ends)) trouble = undefined;
      await current.fetch(next, ({ partition, next: following, values }) => {
        for (const value of values) table.accept(value);
        next![partition] = following;
        for (const check of waiting) check();
      });
    }
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      log = open();
      try {
        await readOn(log);
      } catch (error) {
        if (stopping.signal.aborted) return;
        trouble = (error as Error).message;
        next = undefined;
        onFailure(error);
      } finally {
        await log.close().catch(() => undefined);
      }
      await sleep(AGAIN_AFTER_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();

  const untilRead = async (ends: readonly bigint[]): Promise<boolean> => {
    if (isReadTo(ends)) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const check = () => {
      if (isReadTo(ends)) resolve(true);
    };
    waiting.add(check);
    const late = setTimeout(() => resolve(false), PATIENCE_MS);
    const isRead = await promise;
    clearTimeout(late);
    waiting.delete(check);
    return isRead;
  };
  const catchUp = async (): Promise<string | undefined> => {
    if (trouble !== undefined || log === undefined) return trouble ?? 'it is not open';
    try {
      return (await untilRead(await log.offsets('end'))) ? undefined : 'its last records have not come yet';
    } catch (error) {
      return (error as Error).message;
    }
  };
  let last: Promise<string | undefined> = Promise.resolve(undefined);
  let waitingLook: typeof last | undefined;

  return {
    get: table.get,
    add: table.add,
    catchUp: () => {
      // Whoever asks while a look is under way waits for the next: the topic may have grown since that one began.
      waitingLook ??= last.then(() => {
        waitingLook = undefined;
        last = catchUp();
        return last;
      });
      return waitingLook;
    },
    trouble: () => trouble,
    close: async () => {
      stopping.abort();
      await log?.close().catch(() => undefined);
      await running;
    },
  };
}
