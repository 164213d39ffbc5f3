import type { Timestamp } from 'mongodb';
import { announce } from '../aggregate/announce.ts';
import { PartitionsUnavailable } from '../errors.ts';
import type { Sender } from '../kafka/port.ts';

/** Windows that are asked for in one round. */
export const ROUND = 500;
/** A window is asked for again when it is still found by then. */
const REPEAT_MS = 30_000;

/** Has the owners of windows look at them, by notices. */
export interface WindowsAsker {
  /** From now on windows that have been asked for long ago are asked for again. */
  forgetOld(): void;
  /**
   * Asks for the first of those found that have not been asked for lately: however many of these can't be dealt with now, those
   * behind them have their turn. Those of a partition without a leader are asked for again later.
   * @param at what the owner must have seen. @default whatever it sees
   * @returns whether the round was full: more may be found
   * @throws the sender's error, or that of what is found
   */
  ask(found: AsyncIterable<{ readonly _id: string }>, at?: Timestamp): Promise<boolean>;
}

/** Builds it. @param task what the notices say that they come from */
export function createWindowsAsker(
  task: 'final' | 'expired',
  sender: Sender,
  now: () => number,
): WindowsAsker {
  const asked = new Map<string, number>();
  return {
    forgetOld: () => {
      for (const [window, at] of asked) if (now() - at > REPEAT_MS) asked.delete(window);
    },
    ask: async (found, at) => {
      const windows: string[] = [];
      for await (const { _id } of found) {
        if (asked.has(_id)) continue;
        asked.set(_id, now());
        if (windows.push(_id) === ROUND) break;
      }
      try {
        await announce(sender, { task, seq: 0, at }, windows);
      } catch (error) {
        if (!(error instanceof PartitionsUnavailable)) throw error;
      }
      return windows.length === ROUND;
    },
  };
}
