import type { InputRecord, Sender } from '../kafka/port.ts';

/** Says in a notice that its task works off a backlog. */
const BACKLOG = 'backlog';

/**
 * Tells the merge stage which windows changed. A notice and never the truth: a lost one is sent again at the next
 * claim, a repeated one is harmless.
 * @param commit the task and its `seq`; and whether more is waiting to be counted, so that these values soon change again
 */
export async function announce(
  sender: Sender,
  commit: { readonly task: string; readonly seq: number; readonly ofBacklog?: boolean },
  windows: readonly string[],
): Promise<void> {
  if (windows.length === 0) return;
  const { task, seq, ofBacklog = false } = commit;
  const value = JSON.stringify({ task, seq, ...(ofBacklog ? { [BACKLOG]: true } : {}) });
  await sender.send(
    'metric-changes',
    windows.map((key) => ({ key, value })),
  );
}

/** Whether a notice says so; one of any other form does not. */
export function isOfBacklog({ value }: Pick<InputRecord, 'value'>): boolean {
  return value?.includes(`"${BACKLOG}":true`) ?? false;
}
