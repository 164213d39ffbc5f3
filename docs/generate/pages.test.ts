import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { referencePages } from './pages.ts';

const pages = await referencePages();

test('docs/reference/events/ holds the schemas of the event types, and no other file', async () => {
  const made = Object.keys(pages).filter((name) => name.startsWith('events/'));
  const there = await readdir(new URL('../reference/events/', import.meta.url));
  assert.deepEqual(there.map((name) => `events/${name}`).sort(), made.sort());
});

for (const [name, text] of Object.entries(pages)) {
  test(`docs/reference/${name} is what the sources say (npm run docs)`, async () => {
    assert.equal(await readFile(new URL(`../reference/${name}`, import.meta.url), 'utf8'), text);
  });
}
