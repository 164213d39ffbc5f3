import { type StoreEvent, toRecord } from '@storepulse/contracts';
import { createBatcher } from '../sink/batches.ts';
import type { EventSink } from '../sink/event-sink.ts';
import { createRunIds, createTrafficStream } from '../traffic/stream.ts';
import { createShopWorld, openingEvents, type ShopSpec, shopEvent } from '../world/shop-world.ts';
import type { Clock } from './clock.ts';
import { createRunner, type Runner } from './runner.ts';

/** A run of the simulator: which shops, by which chance, since when, how fast. */
export interface RunOptions {
  readonly seed: string;
  readonly shops: readonly ShopSpec[];
  /** How much history comes before the present, in ms. */
  readonly backfillMs: number;
  readonly backfillRate: number;
  readonly rate: number;
  readonly sink: EventSink;
  readonly clock: Clock;
  /** Told of every event that is handed over. */
  readonly onEvent: (event: StoreEvent) => void;
}

/**
 * Sets the shops up and stores what they are, what they sell and who their customers are: each shop's own record
 * first, acknowledged before anything refers to it. The traffic itself begins with `run()` of the answer.
 */
export async function startRun(options: RunOptions): Promise<Runner> {
  const { seed, sink, clock, onEvent } = options;
  const origin = clock.now() - options.backfillMs;
  const worlds = options.shops.map((spec) => createShopWorld(spec, origin));
  const ids = createRunIds(seed, origin);
  const batcher = createBatcher(sink);
  const send = async (event: StoreEvent): Promise<void> => {
    onEvent(event);
    const leaving = batcher.add(toRecord(event, '/simulator'));
    if (leaving) await leaving;
  };
  for (const world of worlds) await send(shopEvent(world, origin, ids));
  await batcher.flush();
  for (const world of worlds) {
    for (const event of openingEvents(world, origin, ids)) await send(event);
  }
  await batcher.flush();
  const stream = createTrafficStream({ seed, worlds, ids, origin });
  return createRunner({ ...options, stream, origin });
}
