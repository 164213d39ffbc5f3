import type { EventRecord } from '@storepulse/contracts';
import { type StoreEvent, toRecord } from '@storepulse/contracts';
import type { FaultShares } from '@storepulse/simulator/faults/faults';
import { SOURCE } from '@storepulse/simulator/faults/injector';
import { createLedger, type Ledger } from '@storepulse/simulator/ledger/ledger';
import { createEngine } from '@storepulse/simulator/run/engine';
import { createRunIds } from '@storepulse/simulator/traffic/run-ids';
import { createShopWorld, openingEvents, shopEvent } from '@storepulse/simulator/world/shop-world';

/** A shop's events as they are wanted, and what they must add up to. */
export interface Traffic {
  readonly shop: string;
  /** IANA time zone of the shop. */
  readonly timeZone: string;
  /** The shop's own record, which must be stored before anything that refers to it. */
  readonly shopRecord: EventRecord;
  /** Its products and customers. */
  readonly opening: readonly EventRecord[];
  /**
   * Makes the next so many events; what a fault drops has no record.
   * @throws {Error} when they come to be ahead of the clock: the processor would put them aside, and the ledger not know of it
   */
  next(count: number): EventRecord[];
  /** The truth about all that was made. */
  readonly ledger: Ledger;
}

/** Events of one second of event time: 100,000 events are eight minutes, so that windows close on the way. */
const RATE = 200;
/** The first event is so old, so that those that follow are not ahead of the clock. */
const AGE_MS = 40 * 60_000;

/** All faults of the simulator that leave records behind, at once. */
export const ALL_FAULTS: FaultShares = {
  late: 0.05,
  out_of_order: 0.05,
  clock_skew: 0.02,
  duplicate: 0.05,
  malformed: 0.02,
  poison: 0.02,
  drop: 0.02,
};

/**
 * Sets a shop's traffic up; the same seed gives the same events, moved in time.
 * @param options `rate` is in events per second of event time, 200 by default; the first event is `ageMs` old, 40 minutes by
 * default; `shop` is the shop's id
 */
export function createTraffic(options: {
  seed: string;
  faults: FaultShares;
  rate?: number | undefined;
  ageMs?: number | undefined;
  shop?: string;
}): Traffic {
  const { seed, faults, rate = RATE, ageMs = AGE_MS, shop = 'chaos' } = options;
  const origin = Date.now() - ageMs;
  const world = createShopWorld({ shop, market: 'gb' }, origin);
  const ledger = createLedger(seed, origin);
  const ids = createRunIds(`${seed}|opening`, origin);
  const booked = (event: StoreEvent): EventRecord => {
    const record = toRecord(event, SOURCE);
    ledger.record({ event, record, fate: 'processed', fault: null }, origin);
    return record;
  };
  const profile = { profile: 'constant-arrival-rate', rate } as const;
  const engine = createEngine({ seed, worlds: [world], origin, profile });
  engine.command({ at: origin, command: { command: 'faults', faults } });

  return {
    shop: world.shop,
    timeZone: world.market.timeZone,
    shopRecord: booked(shopEvent(world, origin, ids)),
    opening: [...openingEvents(world, origin, ids)].map(booked),
    next: (count) => {
      const records: EventRecord[] = [];
      for (let n = 0; n < count; n++) {
        const due = engine.peek();
        if (due > Date.now()) throw new Error('the traffic is ahead of the clock: it must begin earlier');
        const emission = engine.take();
        ledger.record(emission, due);
        if (engine.endedVisit !== null) ledger.endVisit(engine.endedVisit);
        if (emission.record) records.push(emission.record);
      }
      return records;
    },
    ledger,
  };
}
