import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cacheFolder } from './cache-folder.ts';

test('programs are kept where STOREPULSE_CACHE says, else in the cache folder of the user', () => {
  assert.equal(cacheFolder({ STOREPULSE_CACHE: '/a', XDG_CACHE_HOME: '/b' }), '/a');
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/b' }), '/b/storepulse');
  assert.equal(cacheFolder({}), join(homedir(), '.cache', 'storepulse'));
});
