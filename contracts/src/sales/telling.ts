/** When the facts of a file are said to have happened, and by what names. */
export interface Telling {
  /** The event time (epoch ms) of something that happened at `time` in the file. */
  time(time: number): number;
  /** The business key of something that the file calls `key`. */
  key(key: string): string;
}

/** As it is in the file: told again, it is the same. */
export const asHistory: Telling = { time: (time) => time, key: (key) => key };
