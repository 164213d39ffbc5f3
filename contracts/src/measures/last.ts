import { type Aggregator, asBytes, type Observation } from './aggregator.ts';

const TAG = 4;
/** tag, event time, value: the event id follows. */
const HEAD_BYTES = 17;

/** The latest observation; null before the first. */
export type LastState = Observation | null;

/**
 * The value observed last by event time, and by event id within an instant; null before the first. Exact: a maximum
 * over a total order, so idempotent too.
 */
export const last: Aggregator<LastState> = {
  zero: () => null,
  add: (state, value) => later(state, value as Observation),
  merge: later,
  encode: (state) => {
    if (!state) return new Uint8Array([TAG]);
    const id = new TextEncoder().encode(state.id);
    const bytes = new Uint8Array(HEAD_BYTES + id.length);
    const view = new DataView(bytes.buffer);
    view.setUint8(0, TAG);
    view.setFloat64(1, state.time);
    view.setFloat64(9, state.value);
    bytes.set(id, HEAD_BYTES);
    return bytes;
  },
  decode: (stored) => {
    const view = asBytes(stored, TAG);
    if (view.byteLength < HEAD_BYTES) return null;
    const id = new Uint8Array(view.buffer, view.byteOffset + HEAD_BYTES, view.byteLength - HEAD_BYTES);
    return { time: view.getFloat64(1), value: view.getFloat64(9), id: new TextDecoder().decode(id) };
  },
  bytes: (state) => (state ? HEAD_BYTES + new TextEncoder().encode(state.id).length : 1),
  value: (state) => state?.value ?? null,
};

function later(a: LastState, b: LastState): LastState {
  if (!a || !b) return a ?? b;
  return a.time > b.time || (a.time === b.time && a.id >= b.id) ? a : b;
}
