import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

/**
 * Runs several test files in this process, one after the other: most of what a small file costs is a process of its own
 * that loads the same modules again. Each is a suite, so that its hooks are its own.
 */
for (const file of process.argv.slice(2)) {
  describe(file, async () => {
    try {
      await import(pathToFileURL(file).href);
    } catch (error) {
      // A suite that fails is no failed test.
      test('is loaded', () => {
        throw error;
      });
    }
  });
}
