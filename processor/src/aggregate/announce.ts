import { Timestamp } from 'mongodb';
import { PartitionsUnavailable } from '../errors.ts';
import { getOrCreate } from '../get-or-create.ts';
import type { InputRecord, OutputRecord, Sender } from '../kafka/port.ts';

/** Says in a notice that its task works off a backlog. */
const BACKLOG = 'backlog';

/**
 * Tells the merge stage which windows changed. A notice and never the truth: a lost one is sent again at the next
 * claim, a repeated one is harmless.
 * @param commit the task and its `seq`; when it was committed, by the server's time, so that no older state is merged; and
 * whether more is waiting to be counted, so that these values soon change again
 */
export async function announce(
  sender: Sender,
  commit: {
    readonly task: string;
    readonly seq: number;
    readonly at: Timestamp | undefined;
    readonly ofBacklog?: boolean;
  },
  windows: readonly string[],
): Promise<void> {
  if (windows.length === 0) return;
  const { task, seq, at, ofBacklog = false } = commit;
  const value = JSON.stringify({
    task,
    seq,
    ...(at ? { at: at.toString() } : {}),
    ...(ofBacklog ? { [BACKLOG]: true } : {}),
  });
  await sender.send(
    'metric-changes',
    windows.map((key) => ({ key, value })),
  );
}

/** Of a notice that tells none. */
const NO_TIME = new Timestamp({ t: 0, i: 0 });

/**
 * Of notices that are sent together, one for each window: that of the latest commit, since whoever merges it reads all that was
 * committed by then. A window that hundreds of tasks have changed at the same time is named once.
 */
export function oneForEachWindow<N extends Pick<OutputRecord, 'key' | 'value'>>(
  notices: readonly N[],
): readonly N[] {
  /** All notices of a commit have one value. */
  const times = new Map<N['value'], Timestamp>();
  const timeOf = ({ value }: N) =>
    getOrCreate(times, value, () => committedAt([{ value: Buffer.from(value ?? '') }]) ?? NO_TIME);
  const latest = new Map<N['key'], N>();
  for (const notice of notices) {
    const other = latest.get(notice.key);
    if (!other || timeOf(notice).greaterThan(timeOf(other))) latest.set(notice.key, notice);
  }
  return [...latest.values()];
}

/** Windows that could not be announced, since their partitions of `metric-changes` have no leader, and that in words. */
export interface Unannounced {
  readonly windows: readonly string[];
  readonly reason: string;
}

/**
 * The same, but a partition without a leader costs its own notices alone.
 * @returns what has to be announced later; undefined when all was announced
 */
export async function announceWhereLed(
  ...[sender, commit, windows]: Parameters<typeof announce>
): Promise<Unannounced | undefined> {
  try {
    await announce(sender, commit, windows);
    return undefined;
  } catch (error) {
    if (!(error instanceof PartitionsUnavailable)) throw error;
    return { windows: error.records.map(({ key }) => String(key)), reason: error.message };
  }
}

/** Whether a notice says so; one of any other form does not. */
export function isOfBacklog({ value }: Pick<InputRecord, 'value'>): boolean {
  return value?.includes(`"${BACKLOG}":true`) ?? false;
}

const AT = /"at":"(\d{1,20})"/;

/** The latest time of commit, by the server's time, that notices tell of; undefined when none does. */
export function committedAt(notices: readonly Pick<InputRecord, 'value'>[]): Timestamp | undefined {
  let latest: Timestamp | undefined;
  let last: string | undefined;
  for (const { value } of notices) {
    const found = AT.exec(value?.toString('latin1') ?? '')?.[1];
    // All notices of a commit say the same.
    if (found === undefined || found === last) continue;
    last = found;
    const at = Timestamp.fromString(found, 10);
    if (!latest || at.greaterThan(latest)) latest = at;
  }
  return latest;
}
