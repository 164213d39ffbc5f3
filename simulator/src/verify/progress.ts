import { SingleBar } from 'cli-progress';
import type { VerifyProgress } from './verify.ts';

/** Shows what is going on, and how far it is. */
export interface VerifyDisplay extends VerifyProgress {
  /** Ends the display and takes it away. */
  stop(): void;
}

/** A bar on a terminal; nothing elsewhere, where only the result counts. */
export function createVerifyDisplay(stream: NodeJS.WriteStream): VerifyDisplay {
  if (!stream.isTTY) return { waiting: () => {}, reading: () => {}, comparing: () => {}, stop: () => {} };
  const bar = new SingleBar({
    stream,
    format: '{bar} {task}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(1, 0, { task: '' });
  let most = 1;
  const show = (done: number, total: number, task: string) => {
    bar.setTotal(Math.max(1, total));
    bar.update(done, { task });
  };
  return {
    waiting: (left) => {
      most = Math.max(most, left);
      show(most - left, most, `waiting for the processor: ${left} records and windows left`);
    },
    reading: (what) => show(0, 1, `reading ${what}`),
    comparing: (done, total) => show(done, total, `${done} of ${total} windows compared`),
    stop: () => bar.stop(),
  };
}
