/** A clock that can be waited on; tests pass one that jumps. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Resolves once `now()` has reached the time. */
  sleepUntil(time: number): Promise<void>;
}

/** The system's clock. */
export const systemClock: Clock = {
  now: Date.now,
  sleepUntil: (time) => new Promise((resolve) => setTimeout(resolve, Math.max(0, time - Date.now()))),
};
