import type { StoreEvent } from '@storepulse/contracts';
import type { Ids } from '../random/ids.ts';
import type { Random } from '../random/random.ts';
import type { ActiveScenarios } from '../scenarios/scenarios.ts';
import type { ShopWorld } from '../world/shop-world.ts';
import type { VisitorPool } from './visitors.ts';

/** Makes an event of the moment it is given (epoch ms). */
export type EventMaker = (time: number) => StoreEvent;

/** What a visit acts on: its shop, chance, and what follows from what it does. */
export interface Stage {
  readonly world: ShopWorld;
  readonly visitors: VisitorPool;
  readonly random: Random;
  readonly ids: Ids;
  /** What is out of the ordinary just now. */
  readonly active: ActiveScenarios;
  /** Right after this event comes another one, e.g. a product's new stock. */
  follow(make: EventMaker): void;
  /** Something happens of itself after a while (ms), e.g. a return. */
  later(wait: number, make: EventMaker): void;
}

/** Someone who does one thing after another. */
export interface Actor {
  /** Does the next thing; `wait` is the time in ms until the one after, null when it was the last. */
  act(time: number): { readonly event: StoreEvent; readonly wait: number | null };
}
