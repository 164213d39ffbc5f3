import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

/**
 * Runs several test files in this process, one after the other: most of what a small file costs is a process of its own
 * that loads the same modules again. Each is a test around its own, so that its hooks are its own, and is loaded when
 * the one before has ended.
 */
for (const file of process.argv.slice(2)) {
  test(file, async () => {
    await import(pathToFileURL(file).href);
  });
}
