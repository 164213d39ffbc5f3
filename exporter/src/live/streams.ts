import type { EndReason } from '@storepulse/contracts';
import { Counter, Gauge, type Registry } from 'prom-client';
import { ExporterError } from '../errors.ts';

/** Streams that a process has at a time: each holds a connection to MongoDB. */
export const MAX_STREAMS = 50;

/** The streams of a process. */
export interface Streams {
  /** @throws {ExporterError} `overloaded` when there are as many as there may be */
  begin(): Stream;
  /** Ends all of them. */
  stop(): void;
}

/** One stream. */
export interface Stream {
  /** Aborted when the process stops. */
  readonly stopping: AbortSignal;
  /** Counts a stream that was not ended by its client. */
  cut(reason: EndReason): void;
  end(): void;
}

/** Builds the streams of a process, and their metrics. */
export function createStreams(registry: Registry, most = MAX_STREAMS): Streams {
  const registers = [registry];
  const stopping = new AbortController();
  const going = new Gauge({
    ...{ name: 'storepulse_exporter_live_streams', help: 'Live streams that are being read.', registers },
  });
  const cut = new Counter({
    name: 'storepulse_exporter_live_streams_cut_total',
    help: 'Live streams that the exporter ended, by why: a reader too slow, its own stop, a place that is lost, a failing store.',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of ['slow_reader', 'shutdown', 'history_lost', 'store_unavailable'] satisfies EndReason[])
    cut.inc({ reason }, 0);
  let count = 0;
  return {
    begin: () => {
      if (count >= most)
        throw new ExporterError(
          'overloaded',
          `there are ${count} live streams already: end one, or ask with "follow=false"`,
        );
      count++;
      going.set(count);
      return {
        stopping: stopping.signal,
        cut: (reason) => cut.inc({ reason }),
        end: () => {
          count--;
          going.set(count);
        },
      };
    },
    stop: () => stopping.abort(),
  };
}
