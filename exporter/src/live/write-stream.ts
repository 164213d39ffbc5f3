import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { EndReason, StreamLine } from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import type { LiveChange } from './selection.ts';

/** How a stream is written. */
export interface StreamPace {
  /** A line that says that nothing has happened, after so long without one, ms. */
  readonly heartbeatMs: number;
  /** How long a reader may let lines wait until it is cut off, ms. */
  readonly patienceMs: number;
  /** How long a reader that is cut off may take to read why, ms. */
  readonly farewellMs: number;
}

/** Quick enough for proxies, which commonly end what is silent for a minute. */
export const STREAM_PACE: StreamPace = { heartbeatMs: 10_000, patienceMs: 30_000, farewellMs: 5_000 };

const DETAILS: Readonly<Record<EndReason, string>> = {
  slow_reader: 'lines were not read for too long: read faster, or filter more; go on with "after"',
  shutdown: 'the exporter stops: go on with "after" in a moment',
  history_lost: 'MongoDB does not reach back so far any more: begin anew without "after"',
  store_unavailable: 'MongoDB can not be reached, or refused the read: go on with "after" in a moment',
};

/**
 * Writes changes as lines of JSON. The next change is asked for only when the reader has taken the one before: what waits in
 * memory is one line, beside what the socket holds.
 * @param lineOf the line of a document
 * @param idOf the id of a place
 * @param left aborted when the reader has left
 * @param stopping aborted when the process stops
 * @returns why the stream was cut off; undefined: its reader has left, or it has come to its end
 */
export async function writeStream(
  changes: AsyncIterable<LiveChange>,
  out: Writable,
  options: {
    readonly lineOf: (change: Extract<LiveChange, { kind: 'document' }>, id: string) => object | undefined;
    readonly idOf: (place: LiveChange['place']) => string;
    readonly left: AbortSignal;
    readonly stopping: AbortSignal;
    readonly pace: StreamPace;
    /** Wall clock, epoch ms. */
    readonly now: () => number;
    /** Told of failures that are ours. */
    readonly onFailure: (error: unknown) => void;
  },
): Promise<EndReason | undefined> {
  const { lineOf, idOf, left, stopping, pace, now, onFailure } = options;
  let last: string | null = null;
  let saidAt = now();
  /** Writes a line; false when the reader does not take it in time. */
  const say = async (line: object): Promise<boolean> => {
    saidAt = now();
    if (out.write(`${JSON.stringify(line)}\n`)) return true;
    return isDrained(out, pace.patienceMs, left);
  };
  const told = (change: LiveChange): object | undefined => {
    const id = idOf(change.place);
    if (change.kind === 'document') return lineOf(change, id);
    if (change.kind === 'reached') return { type: 'live', id } satisfies StreamLine;
    if (now() - saidAt < pace.heartbeatMs) return undefined;
    return { type: 'heartbeat', id, time: now() } satisfies StreamLine;
  };
  const run = async (): Promise<EndReason | undefined> => {
    try {
      for await (const change of changes) {
        if (left.aborted) return undefined;
        if (stopping.aborted) return 'shutdown';
        const line = told(change);
        if (!line) continue;
        last = idOf(change.place);
        if (!(await say(line))) return left.aborted ? undefined : 'slow_reader';
      }
    } catch (error) {
      if (left.aborted) return undefined;
      if (stopping.aborted) return 'shutdown';
      onFailure(error);
      return error instanceof ExporterError && error.code === 'history_lost'
        ? 'history_lost'
        : 'store_unavailable';
    }
    return stopping.aborted && !left.aborted ? 'shutdown' : undefined;
  };

  const reason = await run();
  if (reason !== undefined) {
    const line: StreamLine = { type: 'end', reason, detail: DETAILS[reason], after: last };
    out.write(`${JSON.stringify(line)}\n`);
  }
  await farewell(out, pace.farewellMs);
  return reason;
}

/** Waits until what was written has been taken. */
async function isDrained(out: Writable, patienceMs: number, left: AbortSignal): Promise<boolean> {
  const signal = AbortSignal.any([left, AbortSignal.timeout(patienceMs)]);
  try {
    await once(out, 'drain', { signal });
    return true;
  } catch {
    return false;
  }
}

/** Ends the answer; one that is not taken to its end is torn down. */
async function farewell(out: Writable, withinMs: number): Promise<void> {
  if (out.destroyed) return;
  out.end();
  try {
    await once(out, 'finish', { signal: AbortSignal.timeout(withinMs) });
  } catch {
    out.destroy();
  }
}
