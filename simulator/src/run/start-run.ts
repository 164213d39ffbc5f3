import { type StoreEvent, toRecord } from '@storepulse/contracts';
import { type Emission, SOURCE } from '../faults/injector.ts';
import { createLedger, type Ledger } from '../ledger/ledger.ts';
import { createBatcher } from '../sink/batches.ts';
import type { EventSink } from '../sink/event-sink.ts';
import { createRunIds, runName } from '../traffic/run-ids.ts';
import { createShopWorld, openingEvents, shopEvent } from '../world/shop-world.ts';
import type { Clock } from './clock.ts';
import { createEngine } from './engine.ts';
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
  // Their own stream of chance, so that the traffic's ids don't depend on how much there is to say here.
  const ids = createRunIds(`${seed}|opening`, origin);
  const batcher = createBatcher(sink);
  const send = async (event: StoreEvent): Promise<void> => {
    const record = toRecord(event, SOURCE);
    const emission: Emission = { event, record, fate: 'processed', fault: null };
    onEmission(emission);
    ledger.record(emission, origin);
    const leaving = batcher.add(record);
    if (leaving) await leaving;
  };
  // What is run is known before anything of it is stored: whoever finds a part of it can tell the rest.
  for (const note of ledger.take()) batcher.add(note);
  for (const world of worlds) await send(shopEvent(world, origin, ids));
  await batcher.flush();
  for (const world of worlds) {
    for (const event of openingEvents(world, origin, ids)) await send(event);
  }
  await batcher.flush();
  const engine = createEngine({ seed, worlds, origin, profile });
  return { runner: createRunner({ ...dependencies, engine, timeline, ledger }), ledger };
}
