import { createRandom, type Random } from '@storepulse/simulator/random/random';
import { scrape } from '../../support/figures/prometheus.ts';
import { untilDrained } from '../../support/pipeline/drained.ts';
import type { Row } from '../row.ts';
import { createAttempts } from '../support/attempts.ts';
import { type FragileLog, openFragileLog } from '../support/fragile-log.ts';
import { LEVEL_MS } from '../support/level.ts';

/** Records that a log has lost. */
interface Loss {
  /** Not counted so far: figures lack them. */
  readonly unread: number;
  /** Counted before; they stay counted. */
  readonly read: number;
}

const NOTHING: Loss = { unread: 0, read: 0 };

/** Has a log lose records. @returns what was lost, once new orders are sent */
type Fault = (log: FragileLog, random: Random) => Promise<Loss>;

/** @param length how many orders the new topic holds, given how many records of the old one were counted */
const madeAnew =
  (length: (counted: number) => number): Fault =>
  async ({ book, processor, end, makeAnew }) => {
    await processor.service.stop();
    const counted = await end();
    await makeAnew();
    await book.send(book.make(0, length(counted)));
    await processor.service.start();
    return { unread: 0, read: counted };
  };

/** Ways in which a log loses records. */
const FAULTS: readonly { name: string; happen: Fault }[] = [
  {
    name: 'retention past the position',
    happen: async ({ book, processor, end, removeBefore }, random) => {
      await processor.service.stop();
      const position = await end();
      const orders = book.make(0, 40);
      await book.send(orders);
      const uncounted = random.integer(1, 39);
      await removeBefore(position + uncounted);
      book.strike(orders.slice(0, uncounted));
      await processor.service.start();
      return { unread: uncounted, read: 0 };
    },
  },
  {
    name: 'unclean election of a leader',
    happen: async ({ book, divide }, random) => {
      const counted = random.integer(10, 30);
      const truncate = await divide();
      await book.send(book.make(0, counted));
      await book.untilShown(LEVEL_MS);
      await truncate();
      await book.send(book.make(0, random.integer(1, counted - 1)));
      return { unread: 0, read: counted };
    },
  },
  {
    name: 'unclean election of a leader while no processor runs, and a log that is longer than before',
    happen: async ({ book, processor, divide }, random) => {
      const counted = random.integer(10, 30);
      const truncate = await divide();
      await book.send(book.make(0, counted));
      await book.untilShown(LEVEL_MS);
      await processor.service.stop();
      await truncate();
      await book.send(book.make(0, counted + random.integer(1, 20)));
      await processor.service.start();
      return { unread: 0, read: counted };
    },
  },
  { name: 'a topic made anew, and longer than before', happen: madeAnew((counted) => counted + 20) },
  { name: 'a topic made anew, and shorter than before', happen: madeAnew(() => 3) },
];

/** The log loses what was acknowledged. */
export const lostLog: Row = {
  id: 'R20',
  what: 'unclean leader election, truncation, a topic made anew, retention past the position',
  figure: 'what was counted stays counted, what comes later is counted, and what is lost is stated exactly',
  repeats: 100,
  // Minutes of elections: left to the whole matrix.
  small: 0,
  run: async ({ cluster: startCluster, clock, name, repeats, onRepeat }) => {
    const cluster = await startCluster();
    const attempts = createAttempts({ onRepeat });
    const log = await openFragileLog(cluster, name);
    const { book, processor, pipeline } = log;
    for (let n = 0; n < repeats; n++) {
      const { name: what, happen } = FAULTS[n % FAULTS.length]!;
      await attempts.repeat(what, async () => {
        await book.send(book.make(0, 10));
        await book.untilShown(LEVEL_MS);
        const { pid } = processor.service;
        const before = await countedLoss(log);
        const began = Date.now();
        const lost = await happen(log, createRandom(`${name}|${n}`));
        const elapsed = await clock.start();
        await book.untilShown(LEVEL_MS);
        const recovery = elapsed();
        // A process that has been started anew counts from zero.
        const since = processor.service.pid === pid ? before : NOTHING;
        const counted = await countedLoss(log);
        mustState(what, lost, 'on /metrics', {
          unread: counted.unread - since.unread,
          read: counted.read - since.read,
        });
        mustState(what, lost, 'at /-/ready', await toldLoss(log, began));
        mustState(what, lost, 'in the checkpoint', await storedLoss(log, began));
        return recovery;
      });
      await processor.service.start();
      await log.restore();
    }
    await untilDrained(pipeline);
    attempts.differences(await book.differences());
    return attempts.outcome();
  },
};

function mustState(what: string, lost: Loss, where: string, { unread, read }: Loss): void {
  if (unread === lost.unread && read === lost.read) return;
  throw new Error(
    `${what}: ${lost.unread} records not counted and ${lost.read} counted ones are lost; ${where} it says ${unread} and ${read}`,
  );
}

/** By the counters of the process that runs. */
async function countedLoss({ processor: { url } }: FragileLog): Promise<Loss> {
  const samples = await scrape(url);
  const figure = (name: string) => Number(samples.find((sample) => sample.name === name)?.value ?? 0);
  return {
    unread: figure('storepulse_processor_records_lost_total'),
    read: figure('storepulse_processor_records_cut_off_total'),
  };
}

/** By readiness, of losses since an instant (epoch ms). */
async function toldLoss({ processor: { url } }: FragileLog, since: number): Promise<Loss> {
  const response = await fetch(`${url}/-/ready`);
  const { losses } = (await response.json()) as { losses: (Loss & { at: string })[] };
  return sumOf(losses.filter(({ at }) => Date.parse(at) >= since));
}

/** By what the checkpoints keep, of losses since an instant (epoch ms). */
async function storedLoss({ pipeline: { checkpoints } }: FragileLog, since: number): Promise<Loss> {
  const tasks = await checkpoints.find().toArray();
  return sumOf(tasks.flatMap(({ losses = [] }) => losses.filter(({ at }) => at.getTime() >= since)));
}

function sumOf(losses: readonly Loss[]): Loss {
  return losses.reduce(
    (sum, { unread, read }) => ({ unread: sum.unread + unread, read: sum.read + read }),
    NOTHING,
  );
}
