import type { Sender } from '../kafka/port.ts';

/**
 * Tells the merge stage which windows changed. A notice and never the truth: a lost one is sent again at the next
 * claim, a repeated one is harmless.
 */
export async function announce(
  sender: Sender,
  task: string,
  seq: number,
  windows: readonly string[],
): Promise<void> {
  if (windows.length === 0) return;
  const value = JSON.stringify({ task, seq });
  await sender.send(
    'metric-changes',
    windows.map((key) => ({ key, value })),
  );
}
