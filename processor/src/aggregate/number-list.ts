/** A growing list of unsigned 32-bit numbers, three at a time, that takes four bytes each. */
export interface NumberList {
  push(a: number, b: number, c: number): void;
  readonly length: number;
  /** The numbers in the machine's byte order. */
  bytes(): Uint8Array;
}

/** An empty list; it doubles when it is full. */
export function createNumberList(capacity = 3 * 64): NumberList {
  let numbers = new Uint32Array(capacity);
  let length = 0;
  return {
    push: (a, b, c) => {
      if (length + 3 > numbers.length) {
        const old = numbers;
        numbers = new Uint32Array(old.length * 2);
        numbers.set(old);
      }
      numbers[length] = a;
      numbers[length + 1] = b;
      numbers[length + 2] = c;
      length += 3;
    },
    get length() {
      return length;
    },
    bytes: () => new Uint8Array(numbers.buffer, 0, length * 4),
  };
}
