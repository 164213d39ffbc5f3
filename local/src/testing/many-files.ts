import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const [claims, ...files] = process.argv.slice(2);
/** A file that takes longer has failed. */
const TIMEOUT_MS = 900_000;

// A test may wait for a timer that keeps no process alive.
const awake = setInterval(() => undefined, TIMEOUT_MS);
/**
 * Runs test files in this process, one after the other: a process of its own would load the same modules again for each.
 * Other processes have the same list, and each takes the next file that nobody has begun. Each file is a test around its
 * own, so that its hooks are its own.
 */
for (const [place, file] of files.entries()) {
  if (!claim(place)) continue;
  await test(file, { timeout: TIMEOUT_MS }, async () => {
    await import(pathToFileURL(file).href);
  });
}
clearInterval(awake);

/** @returns whether this process is the first that asks for the file: making a folder succeeds once */
function claim(place: number): boolean {
  try {
    mkdirSync(join(claims!, `${place}`));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
