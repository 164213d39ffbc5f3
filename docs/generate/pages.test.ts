import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { referencePages } from './pages.ts';

for (const [name, text] of Object.entries(await referencePages())) {
  test(`docs/reference/${name} is what the sources say (npm run docs)`, async () => {
    assert.equal(await readFile(new URL(`../reference/${name}`, import.meta.url), 'utf8'), text);
  });
}
