import assert from 'node:assert/strict';
import { test } from 'node:test';
import pc from 'picocolors';
import { startScreen } from './start-screen.ts';

test('the start screen says what to open, what runs where, how to stop, and where the time went', () => {
  const screen = startScreen(
    {
      supervisor: { pid: 1, identity: '' },
      startedAt: '',
      settings: {},
      parts: [
        { name: 'kafka', address: 'kafka-1:9092', state: 'external', restarts: 0 },
        { name: 'preview', address: 'http://127.0.0.1:3100', state: 'up', pid: 77, restarts: 0 },
      ],
      seconds: { install: 0, fetch: 1.26, build: 0, servers: 3, parts: 2, total: 6.5 },
    },
    [],
    '/data',
    pc.createColors(false),
  );
  assert.match(screen, /waiting for the events of a shop of yours/);
  assert.doesNotMatch(screen, /controls of the synthetic traffic/);
  assert.match(screen, /Open +http:\/\/127\.0\.0\.1:3100 +dashboards/);
  assert.match(screen, /kafka +kafka-1:9092 +given by address/);
  assert.match(screen, /preview +http:\/\/127\.0\.0\.1:3100 +process 77/);
  assert.match(screen, /Stop +Ctrl-C here, or npm stop/);
  assert.match(
    screen,
    /Started in 6\.5 s \(install 0\.0 · fetch 1\.3 · build 0\.0 · servers 3\.0 · parts 2\.0/,
  );
});
