import type { Emission } from '../faults/injector.ts';
import { createLedger, type Ledger } from '../ledger/ledger.ts';
import { createBatcher } from '../sink/batches.ts';
import type { EventSink } from '../sink/event-sink.ts';
import { runName } from '../traffic/run-ids.ts';
import { createShopWorld } from '../world/shop-world.ts';
import type { Clock } from './clock.ts';
import { createEngine } from './engine.ts';
import { opening } from './opening.ts';
import type { RunSpec } from './run-spec.ts';
import { createRunner, type Overload, type Runner } from './runner.ts';

/** What a run needs beside its specification; none of it changes the events. */
export interface RunDependencies {
  readonly sink: EventSink;
  readonly clock: Clock;
  /** @default queue */
  readonly overload?: Overload;
  /** Told of everything that is made, in order, before it is sent. */
  readonly onEmission: (emission: Emission) => void;
}

/** A run, and what its numbers must be. */
export interface StartedRun {
  readonly runner: Runner;
  readonly ledger: Ledger;
}

/**
 * Sets the shops up and stores what they are, what they sell and who their customers are: each shop's own record
 * first, acknowledged before anything refers to it. The traffic itself begins with `run()` of the answer.
 */
export async function startRun(spec: RunSpec, dependencies: RunDependencies): Promise<StartedRun> {
  const { seed, shops, origin, profile, timeline } = spec;
  const { sink, onEmission } = dependencies;
  const ledger = createLedger(runName(seed, origin), dependencies.clock.now());
  // The timeline follows command by command, those that are known already included.
  ledger.note('run', { ...spec, timeline: [] });
  const worlds = shops.map((shop) => createShopWorld(shop, origin));
  const batcher = createBatcher(sink);
  // What is run is known before anything of it is stored: whoever finds a part of it can tell the rest.
  for (const note of ledger.take()) batcher.add(note);
  let shopsStored = false;
  for (const emission of opening(spec, worlds)) {
    const isShop = emission.event.type === 'shop_upserted';
    if (!isShop && !shopsStored) await batcher.push();
    shopsStored = !isShop;
    onEmission(emission);
    ledger.record(emission, origin);
    const leaving = batcher.add(emission.record!);
    if (leaving) await leaving;
  }
  await batcher.push();
  const engine = createEngine({ seed, worlds, origin, profile });
  return { runner: createRunner({ ...dependencies, engine, timeline, ledger }), ledger };
}
