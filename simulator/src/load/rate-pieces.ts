/** A stretch of time over which the rate goes straight from one value to another. */
export interface RatePiece {
  /** How long it lasts in ms; Infinity for the last one. */
  readonly durationMs: number;
  /** Arrivals per second at its start and at its end; the same when it lasts for ever. */
  readonly from: number;
  readonly to: number;
}

/** How the rate goes from some moment (epoch ms) on: pieces one after the other, the last one without an end. */
export type RateCurve = (start: number) => Iterator<RatePiece>;

/** The same rate for ever; 0 is a pause. */
export function constantRate(rate: number): RateCurve {
  return () => [{ durationMs: Number.POSITIVE_INFINITY, from: rate, to: rate }].values();
}
