import { setTimeout } from 'node:timers/promises';
import type { ControlClient } from '../cli/control-client.ts';
import { SimulatorError } from '../errors.ts';
import type { LedgerAnswer } from '../http/schemas.ts';
import type { LedgerFates } from '../ledger/ledger.ts';
import type { RunSpec } from '../run/run-spec.ts';
import { runName } from '../traffic/run-ids.ts';
import type { MarketName } from '../world/markets.ts';
import { readLedger, type WrittenRun } from './ledger-topic.ts';
import type { TopicSource } from './read-topic.ts';
import { rebuildRun } from './rebuild-run.ts';
import { readStoredRecords, type StoredRecords } from './stored-records.ts';
import { inOrder, type LedgerPart } from './truth.ts';

/** What must be of one shop, over all its runs. */
export interface ShopTruth {
  readonly shop: string;
  readonly market: MarketName;
  /** In the order of time. */
  readonly parts: readonly LedgerPart[];
}

/** What must be, over all runs that Kafka knows of. */
export interface Truth {
  readonly shops: readonly ShopTruth[];
  readonly fates: readonly LedgerFates[];
}

const ATTEMPTS = 40;
const ATTEMPT_WAIT_MS = 250;

/**
 * Gathers the ledger of all runs: what is on the topic `sim-ledger`, and what the run that goes on has not written
 * yet. A run that was ended by force has not written all; its events are made again, and those count that Kafka has.
 * The present run must be at rest.
 * @param onRebuild told the name of a run that is made again, which takes its time
 * @throws {SimulatorError} `ledger-incomplete` for a run whose truth is not known
 */
export async function gatherTruth(
  client: ControlClient,
  source: TopicSource,
  onRebuild: (run: string) => void,
): Promise<Truth> {
  const spec = await client.request<RunSpec>('GET', '/v1/timeline');
  const present = runName(spec.seed, spec.origin);
  const answers = await Promise.all(
    spec.shops.map(({ shop }) => client.request<LedgerAnswer>('GET', `/v1/ledger?shop=${shop}`)),
  );
  const runs = await readCompletely(source, present, Math.max(...answers.map(({ seq }) => seq)));
  const shops = new Map<string, { market: MarketName; parts: LedgerPart[] }>();
  const fates: LedgerFates[] = [];
  const shopOf = (shop: string, market: MarketName) => {
    const known = shops.get(shop) ?? { market, parts: [] };
    shops.set(shop, known);
    return known;
  };
  let stored: StoredRecords | undefined;
  for (const written of runs.values()) {
    const isPresent = written.run === present;
    requireKnown(written);
    let run: Pick<WrittenRun, 'windows' | 'fates'> = written;
    if (!isPresent && !isFinished(written)) {
      onRebuild(written.run);
      stored ??= await readStoredRecords(source);
      run = rebuildRun(written, stored, Date.now());
    }
    for (const { shop, market } of written.spec!.shops) shopOf(shop, market);
    for (const { shop, start, length, text } of run.windows) {
      shops.get(shop)?.parts.push({ start, length, content: text });
    }
    if (!isPresent) fates.push(...run.fates.values());
  }
  for (const { shop, fates: counted, pending } of answers) {
    fates.push(counted);
    for (const { start, length, main, further } of pending) {
      shops.get(shop)!.parts.push({ start, length, content: { main, further } });
    }
  }
  return {
    shops: [...shops].map(([shop, { market, parts }]) => ({ shop, market, parts: inOrder(parts) })),
    fates,
  };
}

/** Reads until all that the present run has made for the topic is on it. */
async function readCompletely(
  source: TopicSource,
  present: string,
  seq: number,
): Promise<ReadonlyMap<string, WrittenRun>> {
  for (let attempt = 1; ; attempt++) {
    const runs = await readLedger(source);
    if ((runs.get(present)?.seqs.size ?? 0) >= seq || attempt === ATTEMPTS) return runs;
    await setTimeout(ATTEMPT_WAIT_MS);
  }
}

function requireKnown({ run, spec, begun }: WrittenRun): void {
  const refuse = (why: string): never => {
    throw new SimulatorError(
      'ledger-incomplete',
      `Run ${run} ${why}: what the numbers must be is not known.`,
    );
  };
  if (!spec) refuse('lacks its first record on the topic sim-ledger');
  if (begun > 1) refuse('was run again into the same topics, which hold its events more than once');
}

/** Whether all of a run's ledger is on the topic: its records are numbered, and what became of its shops is the last. */
function isFinished({ spec, seqs, fates }: WrittenRun): boolean {
  const last = [...seqs].reduce((greatest, seq) => Math.max(greatest, seq), 0);
  return last === seqs.size && spec!.shops.every(({ shop }) => fates.has(shop));
}
