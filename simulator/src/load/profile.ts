/** A stretch of time over which the rate goes straight from one value to another. */
export interface RatePiece {
  /** How long it lasts in ms; Infinity for the last one. */
  readonly durationMs: number;
  /** Events per second at its start and at its end; the same when it lasts for ever. */
  readonly from: number;
  readonly to: number;
}

/** How the rate goes from some moment on: pieces one after the other, the last one without an end. */
export type RateProfile = (start: number) => Iterator<RatePiece>;

/** The same rate for ever, in events per second; 0 is a pause. */
export function constantRate(rate: number): RateProfile {
  return () => [{ durationMs: Number.POSITIVE_INFINITY, from: rate, to: rate }].values();
}
