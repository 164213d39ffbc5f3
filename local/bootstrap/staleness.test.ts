import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { isInstalled, markInstalled, pinnedNode } from './staleness.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'storepulse-install-'));
  mkdirSync(dirname(pinnedNode(root)), { recursive: true });
  writeFileSync(pinnedNode(root), '');
  writeLockfile('package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
});
afterEach(() => rmSync(root, { recursive: true }));

function writeLockfile(path: string, packages: Record<string, object>): void {
  writeFileSync(join(root, path), JSON.stringify({ packages }));
}

test('nothing is installed in a fresh clone', () => {
  rmSync(join(root, 'node_modules'), { recursive: true });
  assert.equal(isInstalled(root), false);
});

test('what was installed from the present lockfile is fresh', () => {
  markInstalled(root);
  assert.equal(isInstalled(root), true);
});

test('a changed lockfile makes it stale', () => {
  markInstalled(root);
  writeLockfile('package-lock.json', { 'node_modules/a': { version: '1.0.1' } });
  assert.equal(isInstalled(root), false);
});

test('without the pinned Node it is stale, whatever else is there', () => {
  markInstalled(root);
  rmSync(pinnedNode(root));
  assert.equal(isInstalled(root), false);
});

test('what a user installed by hand is not installed again', () => {
  writeLockfile('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
  assert.equal(isInstalled(root), true);
});

test('a package of another platform need not be there', () => {
  writeLockfile('package-lock.json', {
    'node_modules/a': { version: '1.0.0' },
    'node_modules/a-other-platform': { version: '1.0.0', optional: true },
  });
  writeLockfile('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
  assert.equal(isInstalled(root), true);
});

test('what a user installed by hand from an older lockfile is stale', () => {
  writeLockfile('node_modules/.package-lock.json', { 'node_modules/a': { version: '0.9.0' } });
  assert.equal(isInstalled(root), false);
});
