/** What a stored measure looks like at rest: a number, or the bytes of a sketch. */
export type Stored = number | Uint8Array;

/** A value with its moment: what `last` orders by event time and, within an instant, by event id. */
export interface Observation {
  readonly time: number;
  readonly id: string;
  readonly value: number;
}

/** What a row adds to a measure: a number, an id to count once, or a value with its moment. */
export type MeasureValue = number | string | Observation;

/**
 * One mergeable measure. `merge` is associative and commutative and `zero` is its neutral element, so any grouping
 * of windows, tasks or dimension values gives the same state. States are plain values that `add` may change in
 * place: never share one between cells.
 */
export interface Aggregator<State> {
  /** A new neutral state. */
  zero(): State;
  /** The state with one more value. */
  add(state: State, value: MeasureValue): State;
  /** The state of both together; may change and return `into`, never `from`. */
  merge(into: State, from: State): State;
  /** Form at rest, in MongoDB and (sketches as base64) on Kafka. */
  encode(state: State): Stored;
  /** Bytes that the form at rest has. */
  bytes(state: State): number;
  /**
   * Reads the form at rest.
   * @throws {TypeError} when it is none of this measure.
   */
  decode(stored: Stored): State;
  /** The number people see: the count, the sum, the estimate; null when nothing was added and there is none. */
  value(state: State): number | null;
  /**
   * The state with one value taken back, as a visit's move to another window needs; absent where a value can't be
   * told apart once it was added. A state may pass below nothing on the way: merged into what it came from, it is right.
   */
  remove?(state: State, value: MeasureValue): State;
}

/** @throws {TypeError} when `stored` is no number. */
export function asNumber(stored: Stored): number {
  if (typeof stored !== 'number') throw new TypeError('expected a stored number, found a sketch');
  return stored;
}

/** @throws {TypeError} when `stored` is no byte array beginning with `tag`. */
export function asBytes(stored: Stored, tag: number): DataView {
  if (!(stored instanceof Uint8Array) || stored[0] !== tag)
    throw new TypeError('expected a stored sketch of this kind');
  return new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
}
