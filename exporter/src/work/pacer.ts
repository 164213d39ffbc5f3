import type { Allowance } from './allowance.ts';

/** Computing in steps: each `yield` is a place where it may rest. */
export type Steps<T> = Generator<void, T, void>;

/** Lets several computations share the event loop with everything else. */
export interface Pacer {
  /**
   * Runs steps to their end, in slices of a few milliseconds. Between two slices the event loop turns; each turn gives
   * one slice to the request that has had the least.
   * @throws what the steps throw, why the allowance's signal is aborted, and `too_costly`
   */
  run<T>(steps: Steps<T>, allowance: Pick<Allowance, 'signal' | 'spend' | 'spentMs'>): Promise<T>;
}

/** How long one slice may take, ms: requests that need no computing wait for one of them at most. */
const SLICE_MS = 4;

/** Builds a pacer; a process has one. */
export function createPacer(sliceMs = SLICE_MS): Pacer {
  const waiting: { readonly spentMs: number; readonly go: () => void }[] = [];
  let isScheduled = false;

  const schedule = () => {
    if (isScheduled || waiting.length === 0) return;
    isScheduled = true;
    setImmediate(giveTurn);
  };
  const giveTurn = () => {
    isScheduled = false;
    let least = 0;
    for (let i = 1; i < waiting.length; i++) if (waiting[i]!.spentMs < waiting[least]!.spentMs) least = i;
    const [next] = waiting.splice(least, 1);
    schedule();
    next?.go();
  };
  const turn = (spentMs: number): Promise<void> =>
    new Promise((go) => {
      waiting.push({ spentMs, go });
      schedule();
    });

  return {
    run: async (steps, allowance) => {
      for (;;) {
        await turn(allowance.spentMs);
        allowance.signal.throwIfAborted();
        const end = performance.now() + sliceMs;
        const before = process.threadCpuUsage();
        let step: IteratorResult<void, unknown>;
        do step = steps.next();
        while (!step.done && performance.now() < end);
        const { user, system } = process.threadCpuUsage(before);
        allowance.spend((user + system) / 1_000);
        if (step.done) return step.value as never;
      }
    },
  };
}

/** Runs steps to their end at once. */
export function runAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
