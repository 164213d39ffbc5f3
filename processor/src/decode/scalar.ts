/** Texts that a field keeps of those it has read; a power of two. */
const KEPT_TEXTS = 256;
/** Digits of an integer that no double rounds. */
const EXACT_DIGITS = 15;

const QUOTE = 0x22;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const LETTER_N = 0x6e;
const LETTER_U = 0x75;
const LETTER_L = 0x6c;
const FIRST_PRINTABLE = 0x20;
const FIRST_BEYOND_ASCII = 0x80;
const REPLACEMENT = '\ufffd';

/** A value of one field, read from JSON. */
export type ScalarValue = string | number | null;

/**
 * Reads the values of one field from the bytes of JSON: texts without escapes, integers of up to 15 digits without a sign,
 * and null; and checks each by the field's schema. Texts are made by themselves, not cut out of a longer one, which would stay in
 * memory as long as they do. Those read before are recognised by their bytes, so that values which come again and again are neither
 * made nor checked anew: 256 are kept, each until another one takes its place.
 */
export class Scalar {
  /** Behind the value that was read last. */
  end = 0;
  readonly #check: (value: unknown) => boolean;
  readonly #nullFits: boolean;
  /** Texts of ASCII that fit the schema, by hash. */
  readonly #texts: string[];

  /** @param check whether a value fits the field's schema */
  constructor(check: (value: unknown) => boolean) {
    this.#check = check;
    this.#nullFits = check(null);
    this.#texts = new Array(KEPT_TEXTS).fill('');
  }

  /** Reads the value that begins at `at`; undefined: it is of another kind, or does not fit. */
  read(bytes: Buffer, at: number): ScalarValue | undefined {
    const first = bytes[at]!;
    if (first === QUOTE) return this.#readText(bytes, at + 1);
    if (first === LETTER_N) return this.#readNull(bytes, at);
    return this.#readInteger(bytes, at);
  }

  #readText(bytes: Buffer, from: number): string | undefined {
    let at = from;
    let hash = 0;
    let isAscii = true;
    for (; ; at++) {
      const byte = bytes[at]!;
      if (byte === QUOTE) break;
      // What lies behind the end is undefined, which is no number from 32 on.
      if (!(byte >= FIRST_PRINTABLE) || byte === BACKSLASH) return undefined;
      if (byte >= FIRST_BEYOND_ASCII) isAscii = false;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    this.end = at + 1;
    if (!isAscii) {
      const text = bytes.toString('utf8', from, at);
      return text.includes(REPLACEMENT) || !this.#check(text) ? undefined : text;
    }
    const slot = (hash ^ (hash >>> 8)) & (KEPT_TEXTS - 1);
    const kept = this.#texts[slot]!;
    if (at > from && isText(kept, bytes, from, at)) return kept;
    const text = bytes.toString('latin1', from, at);
    if (!this.#check(text)) return undefined;
    this.#texts[slot] = text;
    return text;
  }

  #readInteger(bytes: Buffer, from: number): number | undefined {
    let at = from;
    let value = 0;
    for (;;) {
      const digit = bytes[at]! - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
      at++;
    }
    const digits = at - from;
    if (digits === 0 || digits > EXACT_DIGITS || (digits > 1 && bytes[from] === ZERO)) return undefined;
    this.end = at;
    return this.#check(value) ? value : undefined;
  }

  #readNull(bytes: Buffer, at: number): null | undefined {
    this.end = at + 4;
    const isNull = bytes[at + 1] === LETTER_U && bytes[at + 2] === LETTER_L && bytes[at + 3] === LETTER_L;
    return isNull && this.#nullFits ? null : undefined;
  }
}

/** Whether the bytes are those of a text of ASCII. */
function isText(text: string, bytes: Buffer, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}
