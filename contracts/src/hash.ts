/**
 * The one 64-bit hash of the product, as two unsigned 32-bit halves. Stored sketches and stored event ids depend
 * on it: it never changes.
 *
 * Two multiply-xor lanes over UTF-16 code units, crossed in the end by MurmurHash3's 32-bit finalizer constants;
 * pure integer arithmetic, so the same everywhere, and no BigInt, which costs ten times as much.
 */
export function hash64(text: string, out: Uint32Array): void {
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  out[0] = (high ^ (high >>> 16)) >>> 0;
  out[1] = (low ^ (low >>> 15)) >>> 0;
}

const scratch = new Uint32Array(2);

/** A stable bucket of `text` in 0 … buckets − 1, for splitting wide documents. */
export function hashBucket(text: string, buckets: number): number {
  hash64(text, scratch);
  return scratch[0]! % buckets;
}
