import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { createGuard, type Guard } from './guard.ts';
import { createService, type Exit, type ServiceSpec } from './service.ts';

let folder: string;
let guard: Guard;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storepulse-service-'));
  guard = createGuard();
});
afterEach(async () => {
  await guard.close();
  rmSync(folder, { recursive: true });
});

/** A Node process that runs `script`, ready once it has written a file named `ready`. */
function specOf(script: string, change: Partial<ServiceSpec> = {}): ServiceSpec {
  const ready = join(folder, 'ready');
  const say = `require('fs').writeFileSync(${JSON.stringify(ready)}, '');`;
  return {
    name: 'thing',
    launch: async () => {
      rmSync(ready, { force: true });
      return { command: process.execPath, args: ['--eval', script.replace('READY', say)], env: process.env };
    },
    isReady: async () => existsSync(ready),
    startTimeoutMs: 20_000,
    stopGraceMs: 5000,
    ...change,
  };
}

const FOREVER = 'setInterval(() => {}, 1000); READY';

test('a service is up when it is ready, and stops when it is told to', async () => {
  const service = createService(specOf(FOREVER), { folder, guard });
  await service.start();
  assert.ok(service.pid);
  await service.stop();
  assert.equal(service.pid, undefined);
});

test('a restarted service is another process', async () => {
  const service = createService(specOf(FOREVER), { folder, guard });
  await service.start();
  const first = service.pid;
  await service.restart();
  assert.notEqual(service.pid, first);
  await service.kill();
});

test('a service that ends while it starts tells with the last lines of its log', async () => {
  const service = createService(specOf('console.error("no such topic"); process.exit(2)'), { folder, guard });
  await assert.rejects(service.start(), {
    code: 'start_failed',
    message: /thing ended while it was starting[\s\S]*no such topic/,
  });
});

test('a service that is never ready is given up and ended', async () => {
  const service = createService(specOf('setInterval(() => {}, 1000)', { startTimeoutMs: 300 }), {
    folder,
    guard,
  });
  await assert.rejects(service.start(), { code: 'start_failed', message: /thing was not ready after/ });
  assert.equal(service.pid, undefined);
});

test('a program that does not exist is named', async () => {
  const launch = async () => ({ command: '/no/such/program', args: [], env: {} });
  const service = createService(specOf('', { launch }), { folder, guard });
  await assert.rejects(service.start(), {
    code: 'start_failed',
    message: /thing: "\/no\/such\/program" can't be run/,
  });
});

test('an unexpected end is reported, one that was asked for is not', async () => {
  const exits: Exit[] = [];
  const service = createService(specOf(FOREVER), { folder, guard });
  const died = new Promise<void>((resolve) => {
    service.onUnexpectedExit((exit) => {
      exits.push(exit);
      resolve();
    });
  });
  await service.start();
  await service.restart();
  assert.deepEqual(exits, []);
  process.kill(service.pid!, 'SIGKILL');
  await died;
  assert.deepEqual(exits, [{ code: null, signal: 'SIGKILL' }]);
});

test('a service that ignores the polite signal is killed after its grace', async () => {
  const stubborn = `process.on('SIGTERM', () => {}); ${FOREVER}`;
  const service = createService(specOf(stubborn, { stopGraceMs: 100 }), { folder, guard });
  await service.start();
  await service.stop();
  assert.equal(service.pid, undefined);
});

test('a stop during the preparation of a start prevents it', async () => {
  const prepared = Promise.withResolvers<void>();
  const spec = specOf(FOREVER);
  const launch = async () => {
    await prepared.promise;
    return spec.launch();
  };
  const service = createService({ ...spec, launch }, { folder, guard });
  const start = service.start();
  await service.stop();
  prepared.resolve();
  await assert.rejects(start, { code: 'start_failed', message: /stopped before it was started/ });
  assert.equal(service.pid, undefined);
});

test('what a service prints is in its log, and its pid is recorded while it runs', async () => {
  const service = createService(specOf(`console.log('hello'); ${FOREVER}`), { folder, guard });
  await service.start();
  assert.match(readFileSync(service.logFile, 'utf8'), /hello/);
  const pidFile = join(folder, 'pids', 'thing.json');
  assert.equal(JSON.parse(readFileSync(pidFile, 'utf8')).pid, service.pid);
  await service.stop();
  assert.equal(existsSync(pidFile), false);
});
