import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const TAIL_BYTES = 16_384;

/** The last `count` non-empty lines of a file; none when it can't be read. */
export function lastLines(file: string, count: number): string[] {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      const tail = Buffer.alloc(Math.min(TAIL_BYTES, size));
      readSync(descriptor, tail, 0, tail.length, size - tail.length);
      return tail
        .toString('utf8')
        .split('\n')
        .filter((line) => line.trim() !== '')
        .slice(-count);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return [];
  }
}
