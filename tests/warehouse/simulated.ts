import type { Shop } from '@storepulse/contracts';
import type { FaultShares } from '@storepulse/simulator/faults/faults';
import { cellsOf } from '@storepulse/simulator/ledger/cells';
import { createLedger } from '@storepulse/simulator/ledger/ledger';
import type { PlainBook } from '@storepulse/simulator/ledger/plain-book';
import { createEngine } from '@storepulse/simulator/run/engine';
import { opening } from '@storepulse/simulator/run/opening';
import { EVERY_FAULT } from '@storepulse/simulator/testing';
import { inOrder, type LedgerPart, trueWindows } from '@storepulse/simulator/verify/truth';
import { localDates } from '@storepulse/simulator/verify/window-keys';
import { createShopWorld } from '@storepulse/simulator/world/shop-world';
import type { LoggedEvent } from './lake-of-events.ts';

/** Every fault but the dropping of events, which nobody could tell. */
const { drop: _, ...TOLD_FAULTS } = EVERY_FAULT;

const RUSH_MS = 8 * 3_600_000;

/** A shop's traffic as the log has it, and what is true of it. */
export interface Simulated {
  readonly shop: Shop;
  /** Records that can be read, copies included, in the order of the log. */
  readonly events: readonly LoggedEvent[];
  /** By day: what the ledger knows, by metric, dimension and value. */
  readonly truth: ReadonlyMap<string, ReturnType<typeof cellsOf>>;
}

/**
 * Lets a shop be simulated.
 * @param origin epoch ms
 * @param count events of its traffic
 * @param rate per second
 */
export function simulate(
  origin: number,
  count: number,
  rate: number,
  faults: FaultShares = TOLD_FAULTS,
): Simulated {
  const spec = { seed: 'warehouse', shops: [{ shop: 'first', market: 'gb' as const }], origin, timeline: [] };
  const profile = { profile: 'constant-arrival-rate', rate } as const;
  const worlds = spec.shops.map((shop) => createShopWorld(shop, origin));
  const ledger = createLedger('run', origin);
  const events: LoggedEvent[] = [];
  let shop: Shop | undefined;
  const parts: LedgerPart[] = [];
  const note = (all = false) => {
    for (const { value } of ledger.take(all)) {
      const body = JSON.parse(value) as { kind: string; start: number; length: number } & PlainBook;
      if (body.kind === 'window') parts.push({ start: body.start, length: body.length, content: body });
    }
  };
  type Taken = Parameters<typeof ledger.record>[0];
  const log = (emission: Taken, due: number) => {
    ledger.record(emission, due);
    const { event, record, fate } = emission;
    if (event.type === 'shop_upserted') shop = event;
    if (record && (fate === 'processed' || fate === 'duplicate'))
      events.push({ event, key: String(record.key), recordTime: Math.floor(due) });
  };
  for (const emission of opening({ ...spec, profile }, worlds)) log(emission, origin);
  const engine = createEngine({ seed: spec.seed, worlds, origin, profile });
  engine.command({ at: origin, command: { command: 'faults', faults } });
  // Orders and what becomes of them are rare; for some hours there is plenty of it.
  engine.command({ at: origin, command: { command: 'scenario-start', scenario: 'order-rush' } });
  engine.command({
    at: origin + RUSH_MS,
    command: { command: 'scenario-end', scenario: 'order-rush' },
  });
  for (let n = 0; n < count; n++) {
    const due = engine.peek();
    log(engine.take(), due);
    if (engine.endedVisit !== null) ledger.endVisit(engine.endedVisit);
    note();
  }
  note(true);
  const dateOf = localDates(shop!.timeZone);
  const windows = [...trueWindows(inOrder(parts), '1d', dateOf, 0)];
  return { shop: shop!, events, truth: new Map(windows.map(({ key, book }) => [key, cellsOf(book)])) };
}
