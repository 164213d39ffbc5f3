import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyFolder } from '../testing/access.ts';
import { openKeyStore } from './key-store.ts';

test('a process that was held up for longer than a folder may be silent still reads its keys', async (t) => {
  const folder = keyFolder();
  t.after(folder.remove);
  const id = (await folder.make({ scopes: ['read'] })).split('_')[1]!;
  const failures: Error[] = [];
  const store = openKeyStore(
    folder.folder,
    () => performance.now(),
    (error) => failures.push(error),
  );
  const found = store.find(id);
  const until = performance.now() + 2_200;
  while (performance.now() < until);
  assert.equal((await found)?.id, id);
  assert.deepEqual(failures, []);
});
