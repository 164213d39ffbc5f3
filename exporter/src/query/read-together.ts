import { setImmediate } from 'node:timers/promises';
import type { PartMetric } from '@storepulse/contracts';
import type { Allowance } from '../work/allowance.ts';
import type { Pacer } from '../work/pacer.ts';
import { type Dictionary, readColumns, type WindowColumns } from './columns.ts';

/** Who takes some metrics of the documents that are read. */
export interface WindowReader {
  readonly parts: readonly PartMetric[];
  readonly dictionary: Dictionary;
  take(window: WindowColumns): void;
}

/** Which documents of `metrics` are read, and how. */
export interface WindowDocuments {
  /** Names the documents: the same name, the same documents. */
  readonly key: string;
  /** The dimension whose cells they have, or `total`. */
  readonly dimension: string;
  open(): AsyncIterable<readonly Buffer[]>;
}

/**
 * Reads documents to columns. Queries of one request that begin to read the same documents in one turn of the event loop, such as
 * the metrics of one panel, go over them once.
 * @throws {ExporterError} to all that read together: when the store fails or the request's allowance is used up
 */
export type ReadTogether = (
  documents: WindowDocuments,
  reader: WindowReader,
  allowance: Allowance,
) => Promise<void>;

/** Builds it. */
export function createReadTogether(pacer: Pacer): ReadTogether {
  const beginning = new WeakMap<Allowance, Map<string, { readers: WindowReader[]; done: Promise<void> }>>();
  return (documents, reader, allowance) => {
    const ofRequest = beginning.get(allowance) ?? new Map();
    beginning.set(allowance, ofRequest);
    const { key, dimension, open } = documents;
    const known = ofRequest.get(key);
    if (known) {
      known.readers.push(reader);
      return known.done;
    }
    const readers = [reader];
    const steps = function* (batch: readonly Buffer[]) {
      for (const document of batch) {
        for (const { parts, dictionary, take } of readers) {
          const window = yield* readColumns(document, dimension, parts, dictionary);
          allowance.hold(window.bytes);
          take(window);
          yield;
        }
      }
    };
    const read = async () => {
      await setImmediate();
      ofRequest.delete(key);
      for await (const batch of open()) await pacer.run(steps(batch), allowance);
    };
    const done = read();
    ofRequest.set(key, { readers, done });
    return done;
  };
}
