import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
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

test('npm run docs -- --metrics prints the page of metrics with those of CATALOG_FILE, and writes nothing', () => {
  const root = new URL('../../', import.meta.url);
  const env = { ...process.env, CATALOG_FILE: 'docs/examples/catalog.yaml' };
  const command = ['run', '--silent', 'docs', '--', '--metrics'];
  const printed = execFileSync('npm', command, { cwd: root, env, encoding: 'utf8' });
  assert.match(printed, /\| `large_orders` \| Large orders \|/);
  assert.doesNotMatch(printed, /docs\/reference\//);
});
