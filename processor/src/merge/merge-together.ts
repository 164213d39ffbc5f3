import type { Timestamp } from 'mongodb';
import type { OutputRecord } from '../kafka/port.ts';
import type { Merger } from './merger.ts';

interface Asked {
  readonly windows: readonly string[];
  readonly after: Timestamp | undefined;
  readonly done: (records: OutputRecord[]) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Merges together what is asked for in the same turn: notices of one commit lie on several partitions and come at the
 * same time, and each merge costs the same few reads and one write, however few its windows are.
 * @param most windows of one merge, unless one asks for more
 */
export function mergeTogether(merge: Merger, most: number): Merger {
  let waiting: Asked[] = [];

  const mergeAll = async (asked: readonly Asked[]) => {
    try {
      const windows = new Set(asked.flatMap(({ windows }) => windows));
      const records = await merge([...windows], latest(asked));
      const byWindow = new Map(records.map((record) => [String(record.key), record]));
      for (const { windows, done } of asked) done(windows.flatMap((window) => byWindow.get(window) ?? []));
    } catch (error) {
      for (const { failed } of asked) failed(error);
    }
  };
  const begin = () => {
    const all = waiting;
    waiting = [];
    let part: Asked[] = [];
    let size = 0;
    for (const asked of all) {
      if (part.length > 0 && size + asked.windows.length > most) {
        void mergeAll(part);
        part = [];
        size = 0;
      }
      part.push(asked);
      size += asked.windows.length;
    }
    void mergeAll(part);
  };

  return (windows, after) =>
    new Promise((done, failed) => {
      waiting.push({ windows, after, done, failed });
      if (waiting.length === 1) setImmediate(begin);
    });
}

function latest(asked: readonly Asked[]): Timestamp | undefined {
  let latest: Timestamp | undefined;
  for (const { after } of asked) if (after && (!latest || after.greaterThan(latest))) latest = after;
  return latest;
}
