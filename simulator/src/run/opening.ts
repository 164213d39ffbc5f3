import { type StoreEvent, toRecord } from '@storepulse/contracts';
import { type Emission, SOURCE } from '../faults/injector.ts';
import { createRunIds } from '../traffic/run-ids.ts';
import { openingEvents, type ShopWorld, shopEvent } from '../world/shop-world.ts';
import type { RunSpec } from './run-spec.ts';

/** What a run tells before its traffic begins: what the shops are, then what they sell and who their customers are. */
export function* opening({ seed, origin }: RunSpec, worlds: readonly ShopWorld[]): Generator<Emission> {
  // Their own stream of chance, so that the traffic's ids don't depend on how much there is to say here.
  const ids = createRunIds(`${seed}|opening`, origin);
  for (const world of worlds) yield sound(shopEvent(world, origin, ids));
  for (const world of worlds) for (const event of openingEvents(world, origin, ids)) yield sound(event);
}

const sound = (event: StoreEvent): Emission => ({
  event,
  record: toRecord(event, SOURCE),
  fate: 'processed',
  fault: null,
});
