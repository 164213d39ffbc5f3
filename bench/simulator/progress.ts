import { setTimeout } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';

/** Waits, showing a bar on a terminal; `each` is called about once per second. */
export async function waitShowing(
  title: string,
  seconds: number,
  each: () => Promise<void> = async () => {},
): Promise<void> {
  const bar = startBar(title, seconds);
  const began = Date.now();
  try {
    for (let passed = 1; passed <= seconds; passed++) {
      await setTimeout(Math.max(0, began + passed * 1_000 - Date.now()));
      await each();
      bar.update(passed);
    }
  } finally {
    bar.stop();
  }
}

/** A bar on a terminal; elsewhere nothing. */
export function startBar(title: string, total: number): { update(done: number): void; stop(): void } {
  if (!process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar({
    stream: process.stderr,
    format: `${title} {bar} {percentage} % · {eta_formatted} left`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0);
  return bar;
}
