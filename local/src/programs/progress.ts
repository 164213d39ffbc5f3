/** One fetch as its watcher sees it. */
export interface ProgressTask {
  /** How far it is, from 0 to 1. */
  update(fraction: number): void;
  /** What it does now, e.g. which source it tries. */
  note(text: string): void;
  /** It has ended, well or not. */
  end(): void;
}

/** Shows fetches to whoever waits for them. */
export interface Progress {
  begin(title: string): ProgressTask;
  /** Every bar is drawn to its end. */
  close(): void;
}

/** Shows nothing. */
export const silentProgress: Progress = {
  begin: () => ({ update: () => undefined, note: () => undefined, end: () => undefined }),
  close: () => undefined,
};
