/**
 * The partition that Kafka's own clients choose for a key: murmur2 of its UTF-8 bytes, made positive, modulo the
 * partition count. Topics that are partitioned by the same key stay side by side only if everyone chooses alike.
 */
export function partitionOf(key: string, partitions: number): number {
  let length = 0;
  for (; length < key.length && length < scratch.length; length++) {
    const unit = key.charCodeAt(length);
    if (unit > 0x7f) break;
    scratch[length] = unit;
  }
  const hash = length === key.length ? murmur2(scratch, length) : murmur2Text(key);
  return (hash & 0x7fffffff) % partitions;
}

/** Room for a usual key, so that none is made per record. */
const scratch = new Uint8Array(256);

function murmur2Text(key: string): number {
  const bytes = new TextEncoder().encode(key);
  return murmur2(bytes, bytes.length);
}

/** The same for a key as the bytes that a record has. */
export function partitionOfBytes(key: Uint8Array, partitions: number): number {
  return (murmur2(key, key.length) & 0x7fffffff) % partitions;
}

const SEED = 0x9747b28c;
const MIX = 0x5bd1e995;
const SHIFT = 24;

/** Austin Appleby's MurmurHash2 in 32 bits, with the seed that Kafka uses. */
function murmur2(bytes: Uint8Array, length: number): number {
  const tail = length & ~3;
  let hash = SEED ^ length;
  for (let at = 0; at < tail; at += 4) {
    const four = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    const mixed = Math.imul(four, MIX);
    hash = Math.imul(hash, MIX) ^ Math.imul(mixed ^ (mixed >>> SHIFT), MIX);
  }
  const left = length - tail;
  if (left > 0) {
    for (let at = 0; at < left; at++) hash ^= bytes[tail + at]! << (8 * at);
    hash = Math.imul(hash, MIX);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MIX);
  return hash ^ (hash >>> 15);
}
