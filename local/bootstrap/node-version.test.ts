import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oldNodeMessage } from './node-version.mjs';

test('Node 20.19 and everything newer is enough to begin with', () => {
  for (const version of ['20.19.0', '20.20.2', '22.1.0', '24.21.0'])
    assert.equal(oldNodeMessage(version, 'linux'), undefined);
});

test('an older Node is told what it is and what is needed', () => {
  for (const version of ['18.20.4', '20.18.3'])
    assert.match(oldNodeMessage(version, 'linux')!, new RegExp(`Node 20\\.19 or newer.*Node ${version}`));
});

test('Windows is pointed to what works there', () => {
  assert.match(oldNodeMessage('24.0.0', 'win32')!, /WSL 2.*docker compose/);
});
