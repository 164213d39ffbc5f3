import { hash64 } from '../hash.ts';
import { type Aggregator, asBytes } from './aggregator.ts';

const TAG_EXACT = 1;
const TAG_REGISTERS = 2;
/** Up to this many different ids are kept as such and counted exactly. */
export const DISTINCT_EXACT_LIMIT = 256;
const PRECISION = 11;
const REGISTERS = 2 ** PRECISION;
/** Standard error of the estimate beyond the exact limit: 1.04 / √2048 = 2.3 %. */
export const DISTINCT_STANDARD_ERROR = 1.04 / Math.sqrt(REGISTERS);

/** Hashes as text while few, HyperLogLog registers once many. */
export interface DistinctState {
  /** 64-bit hashes of the ids; null once registers took over. */
  ids: Set<bigint> | null;
  registers: Uint8Array | null;
}

const scratch = new Uint32Array(2);

/**
 * How many different ids were added: exact up to 256, then HyperLogLog (Flajolet et al. 2007) with 2,048
 * registers over a 64-bit hash. Idempotent: adding an id or merging a state again changes nothing.
 */
export const distinct: Aggregator<DistinctState> = {
  zero: () => ({ ids: new Set(), registers: null }),
  add: (state, value) => {
    hash64(String(value), scratch);
    addHash(state, scratch[0]!, scratch[1]!);
    return state;
  },
  merge: (into, from) => {
    if (from.registers) {
      const registers = toRegisters(into);
      for (let i = 0; i < REGISTERS; i++) registers[i] = Math.max(registers[i]!, from.registers[i]!);
    } else {
      for (const id of from.ids!) addHash(into, Number(id >> 32n), Number(id & 0xffffffffn));
    }
    return into;
  },
  encode: (state) => {
    if (state.registers) return Uint8Array.of(TAG_REGISTERS, ...state.registers);
    const bytes = new Uint8Array(1 + state.ids!.size * 8);
    const view = new DataView(bytes.buffer);
    view.setUint8(0, TAG_EXACT);
    // Sorted, so that equal states are equal bytes.
    [...state.ids!]
      .sort((a, b) => (a < b ? -1 : 1))
      .forEach((id, i) => {
        view.setBigUint64(1 + i * 8, id);
      });
    return bytes;
  },
  decode: (stored) => {
    const tag = stored instanceof Uint8Array ? stored[0] : undefined;
    if (tag === TAG_REGISTERS) {
      const view = asBytes(stored, TAG_REGISTERS);
      if (view.byteLength !== 1 + REGISTERS)
        throw new TypeError('a stored distinct sketch has a wrong length');
      return { ids: null, registers: new Uint8Array(view.buffer, view.byteOffset + 1, REGISTERS).slice() };
    }
    const view = asBytes(stored, TAG_EXACT);
    const ids = new Set<bigint>();
    for (let at = 1; at + 8 <= view.byteLength; at += 8) ids.add(view.getBigUint64(at));
    return { ids, registers: null };
  },
  value: (state) => (state.registers ? estimate(state.registers) : state.ids!.size),
};

function addHash(state: DistinctState, high: number, low: number): void {
  if (state.registers) {
    setRegister(state.registers, high, low);
    return;
  }
  state.ids!.add((BigInt(high) << 32n) | BigInt(low));
  if (state.ids!.size > DISTINCT_EXACT_LIMIT) toRegisters(state);
}

function toRegisters(state: DistinctState): Uint8Array {
  if (state.registers) return state.registers;
  const registers = new Uint8Array(REGISTERS);
  for (const id of state.ids!) setRegister(registers, Number(id >> 32n), Number(id & 0xffffffffn));
  state.registers = registers;
  state.ids = null;
  return registers;
}

/** The register is the hash's first 11 bits, its value the position of the first one-bit in the rest. */
function setRegister(registers: Uint8Array, high: number, low: number): void {
  const index = high >>> (32 - PRECISION);
  const rest = (high << PRECISION) >>> 0;
  const zeros = rest !== 0 ? Math.clz32(rest) : 32 - PRECISION + Math.clz32(low);
  const rank = zeros + 1;
  if (rank > registers[index]!) registers[index] = rank;
}

/** Bits of the hash behind the register's index, so ranks run from 0 (empty) to this plus one. */
const RANK_BITS = 64 - PRECISION;

/**
 * Ertl's improved estimator ("New cardinality estimation algorithms for HyperLogLog sketches", 2017, §4): without
 * bias at any size, so there is no switch between estimators that a merged sum could jump at.
 */
function estimate(registers: Uint8Array): number {
  const histogram = new Array<number>(RANK_BITS + 2).fill(0);
  for (const rank of registers) histogram[rank]!++;
  let z = REGISTERS * tau(1 - histogram[RANK_BITS + 1]! / REGISTERS);
  for (let rank = RANK_BITS; rank >= 1; rank--) z = 0.5 * (z + histogram[rank]!);
  z += REGISTERS * sigma(histogram[0]! / REGISTERS);
  return Math.round(REGISTERS ** 2 / (2 * Math.LN2 * z));
}

/** Σ x^(2^k) 2^(k−1) + x: the share of empty registers. */
function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let x = share;
  let y = 1;
  let z = share;
  for (let previous = -1; z !== previous; y += y) {
    previous = z;
    x *= x;
    z += x * y;
  }
  return z;
}

/** ⅓ (1 − x − Σ (1 − x^(2^−k))² 2^−k): the share of registers that are not saturated. */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let x = share;
  let y = 1;
  let z = 1 - share;
  for (let previous = -1; z !== previous; ) {
    previous = z;
    x = Math.sqrt(x);
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
