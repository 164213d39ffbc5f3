import { parseWindowId, RESOLUTIONS, type WindowRef } from '@storepulse/contracts';
import type { InputRecord } from '../kafka/port.ts';
import type { FurtherWindow } from './further.ts';

/** Windows to be merged at once. */
export interface Round {
  readonly windows: readonly string[];
  /** Once they are merged, all notices up to this one are done; undefined: no more than before. */
  readonly done: Notice | undefined;
}

/** What is looked at of a record that names a window. */
export type Notice = Pick<InputRecord, 'key' | 'offset' | 'timestamp'>;

/** Fine windows that began so long ago are history; nobody looks at them now. */
const LIVE_MS = 10 * 60_000;

/**
 * Orders what a batch of notices asks for. A window is merged once, however many notices name it, since merging reads
 * all that was committed by then. First come the windows that dashboards show as now: the recent fine ones, and the
 * coarse ones, which are few and would else be the last to be right behind the many of a replay. The rest follows as
 * it was noticed. Further documents of windows are in no round.
 * @param size windows of one round
 */
export function planRounds(
  notices: readonly Notice[],
  now: number,
  size: number,
): {
  readonly rounds: readonly Round[];
  readonly further: readonly FurtherWindow[];
  readonly bad: readonly number[];
} {
  /** Where each window is named first. */
  const first = new Map<string, number>();
  const urgent: string[] = [];
  const rest: string[] = [];
  const further: FurtherWindow[] = [];
  const bad: number[] = [];
  for (const [index, { key, offset }] of notices.entries()) {
    const id = key?.toString() ?? '';
    if (first.has(id)) continue;
    const ref = read(id);
    if (!ref) bad.push(offset);
    else {
      first.set(id, index);
      if (ref.bucket > 0) further.push({ id, offset });
      else (isUrgent(ref, now) ? urgent : rest).push(id);
    }
  }
  const rounds: Round[] = [];
  for (let at = 0; at < urgent.length; at += size) {
    rounds.push({ windows: urgent.slice(at, at + size), done: undefined });
  }
  for (let at = 0; at < rest.length; at += size) {
    const following = rest[at + size];
    const done = following === undefined ? undefined : notices[first.get(following)! - 1];
    rounds.push({ windows: rest.slice(at, at + size), done });
  }
  const windows = rounds.pop()?.windows ?? [];
  return { rounds: [...rounds, { windows, done: notices.at(-1) }], further, bad };
}

function read(id: string): WindowRef | undefined {
  try {
    return parseWindowId(id);
  } catch {
    return undefined;
  }
}

const isFine = ({ resolution }: WindowRef) => RESOLUTIONS.indexOf(resolution) < RESOLUTIONS.indexOf('1h');
const isUrgent = (ref: WindowRef, now: number) => !isFine(ref) || ref.start >= now - LIVE_MS;
