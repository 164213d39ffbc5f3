import { createLedger } from '../ledger/ledger.ts';
import { createEngine } from '../run/engine.ts';
import { opening } from '../run/opening.ts';
import { createShopWorld } from '../world/shop-world.ts';
import { type LedgerTopic, noteEntry, type WrittenRun } from './ledger-topic.ts';
import type { StoredRecords } from './stored-records.ts';

/** More events than a run ever has under way: so many in a row that Kafka does not have come after its end. */
const GONE = 50_000;

/**
 * The ledger of a run that was ended by force: makes its events again from its first record and what was done to it,
 * and books those that Kafka has. The same seed makes the same events, byte for byte.
 * @param now the present, epoch ms: how old windows are
 */
export function rebuildRun(
  { run, spec, commands }: Pick<WrittenRun, 'run' | 'spec' | 'commands'>,
  stored: StoredRecords,
  now: number,
): Pick<WrittenRun, 'windows' | 'fates'> {
  const { seed, shops, origin, profile } = spec!;
  const worlds = shops.map((shop) => createShopWorld(shop, origin));
  const ledger = createLedger(run, now);
  const written: LedgerTopic = new Map();
  const keep = (all = false) => {
    for (const { value } of ledger.take(all)) noteEntry(written, Buffer.from(value));
  };
  for (const emission of opening({ ...spec!, timeline: [] }, worlds)) {
    if (stored.take(emission.record!)) ledger.record(emission, origin);
  }
  const engine = createEngine({ seed, worlds, origin, profile });
  for (const { at, command } of commands.toSorted((a, b) => a.seq - b.seq)) engine.command({ at, command });
  let gone = 0;
  while (gone < GONE && Number.isFinite(engine.peek())) {
    const due = engine.peek();
    const emission = engine.take();
    if (emission.record && stored.take(emission.record)) {
      gone = 0;
      ledger.record(emission, due);
    } else if (emission.record) gone += 1;
    if (engine.endedVisit !== null) ledger.endVisit(engine.endedVisit);
    keep();
  }
  keep(true);
  return written.get(run) ?? { windows: [], fates: new Map() };
}
