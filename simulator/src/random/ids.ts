import { v7 } from 'uuid';
import type { Random } from './random.ts';

/** Makes the identifiers of one run. */
export interface Ids {
  /** A UUIDv7 of the event's time; its random part comes from the seed. */
  eventId(eventTime: number): string;
  /** A name of its own within the run and unlike those of other runs: `o-7f3k2a-18`. */
  name(prefix: string): string;
}

/** @param run text that tells this run from every other one; part of every name */
export function createIds(random: Random, run: string): Ids {
  const bytes = new Uint8Array(16);
  const words = new DataView(bytes.buffer);
  let names = 0;
  return {
    eventId: (eventTime) => {
      // The first six bytes carry the time and are not read from here.
      for (let offset = 4; offset < 16; offset += 4) words.setUint32(offset, random.next() * 0x1_0000_0000);
      return v7({ msecs: eventTime, random: bytes });
    },
    name: (prefix) => {
      names += 1;
      return `${prefix}-${run}-${names.toString(36)}`;
    },
  };
}
