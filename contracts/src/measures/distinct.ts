import { hash64 } from '../hash.ts';
import { type Aggregator, asBytes } from './aggregator.ts';

const TAG_EXACT = 1;
const TAG_REGISTERS = 2;
/** Up to this many different ids are kept as such and counted exactly. */
export const DISTINCT_EXACT_LIMIT = 256;
const PRECISION = 11;
/** Leading bits of a hash that name its register. */
export const DISTINCT_REGISTER_BITS = PRECISION;
const REGISTERS = 2 ** PRECISION;
/** Standard error of the estimate beyond the exact limit: 1.04 / √2048 = 2.3 %. */
export const DISTINCT_STANDARD_ERROR = 1.04 / Math.sqrt(REGISTERS);

/** Hashes while few, HyperLogLog registers once many. */
export interface DistinctState {
  /**
   * 64-bit hashes of the ids in ascending order, two unsigned halves each: half the memory of a set of bigints, of
   * which a store with thousands of cells holds millions. Null once registers took over.
   */
  hashes: number[] | null;
  registers: Uint8Array | null;
}

const scratch = new Uint32Array(2);

/**
 * How many different ids were added: exact up to 256, then HyperLogLog (Flajolet et al. 2007) with 2,048
 * registers over a 64-bit hash. Idempotent: adding an id or merging a state again changes nothing.
 */
export const distinct: Aggregator<DistinctState> = {
  zero: () => ({ hashes: [], registers: null }),
  add: (state, value) => {
    hash64(String(value), scratch);
    addHash(state, scratch[0]!, scratch[1]!);
    return state;
  },
  merge: (into, from) => {
    if (into.hashes?.length === 0 && from.hashes) into.hashes = from.hashes.slice();
    else if (from.registers) {
      const registers = toRegisters(into);
      for (let i = 0; i < REGISTERS; i++) registers[i] = Math.max(registers[i]!, from.registers[i]!);
    } else {
      forEachHash(from.hashes!, (high, low) => addHash(into, high, low));
    }
    return into;
  },
  encode: (state) => {
    const { hashes, registers } = state;
    const bytes = new Uint8Array(1 + (registers?.length ?? hashes!.length * 4));
    bytes[0] = registers ? TAG_REGISTERS : TAG_EXACT;
    if (registers) bytes.set(registers, 1);
    else {
      const view = new DataView(bytes.buffer, 1);
      // In their order, so that equal states are equal bytes.
      hashes!.forEach((half, i) => {
        view.setUint32(i * 4, half);
      });
    }
    return bytes;
  },
  bytes: ({ hashes, registers }) => 1 + (registers?.length ?? hashes!.length * 4),
  decode: (stored) => {
    const tag = stored instanceof Uint8Array ? stored[0] : undefined;
    if (tag === TAG_REGISTERS) {
      const view = asBytes(stored, TAG_REGISTERS);
      if (view.byteLength !== 1 + REGISTERS)
        throw new TypeError('a stored distinct sketch has a wrong length');
      return { hashes: null, registers: new Uint8Array(view.buffer, view.byteOffset + 1, REGISTERS).slice() };
    }
    const view = asBytes(stored, TAG_EXACT);
    const hashes: number[] = [];
    for (let at = 1; at + 8 <= view.byteLength; at += 8)
      hashes.push(view.getUint32(at), view.getUint32(at + 4));
    return { hashes, registers: null };
  },
  value: ({ hashes, registers }) => (registers ? estimate(registers) : hashes!.length / 2),
};

function addHash(state: DistinctState, high: number, low: number): void {
  if (state.registers) {
    setRegister(state.registers, high, low);
    return;
  }
  const hashes = state.hashes!;
  const at = placeOf(hashes, high, low);
  if (hashes[at] === high && hashes[at + 1] === low) return;
  hashes.splice(at, 0, high, low);
  if (hashes.length > DISTINCT_EXACT_LIMIT * 2) toRegisters(state);
}

/**
 * The state of ids that were hashed and counted elsewhere.
 * @param hashes up to 256, as unsigned 64-bit integers; undefined where there are more
 * @param ranks by register, where there are more: the greatest rank of its hashes
 */
export function distinctOf(
  hashes: readonly bigint[] | undefined,
  ranks: Iterable<readonly [register: number, rank: number]>,
): DistinctState {
  const state: DistinctState = { hashes: [], registers: null };
  if (hashes) {
    for (const hash of hashes) addHash(state, Number(hash >> BigInt(32)), Number(BigInt.asUintN(32, hash)));
  } else {
    const registers = toRegisters(state);
    for (const [register, rank] of ranks) registers[register] = rank;
  }
  return state;
}

/** Index of the first hash that is not less than a given one. */
function placeOf(hashes: readonly number[], high: number, low: number): number {
  let from = 0;
  let to = hashes.length / 2;
  while (from < to) {
    const middle = (from + to) >> 1;
    const before = hashes[middle * 2]!;
    if (before < high || (before === high && hashes[middle * 2 + 1]! < low)) from = middle + 1;
    else to = middle;
  }
  return from * 2;
}

function forEachHash(hashes: readonly number[], use: (high: number, low: number) => void): void {
  for (let at = 0; at < hashes.length; at += 2) use(hashes[at]!, hashes[at + 1]!);
}

function toRegisters(state: DistinctState): Uint8Array {
  if (state.registers) return state.registers;
  const registers = new Uint8Array(REGISTERS);
  forEachHash(state.hashes!, (high, low) => setRegister(registers, high, low));
  state.registers = registers;
  state.hashes = null;
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
