import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exit, Service } from '../processes/service.ts';
import { type RestartPolicy, supervise } from './supervise.ts';

const AT_ONCE: RestartPolicy = {
  firstDelayMs: 1,
  maxDelayMs: 4,
  healthyAfterMs: 3_600_000,
  maxQuickDeaths: 4,
};

/** A service whose start succeeds or fails as the list says, and that dies when told to. */
function fakeService(starts: (() => void)[] = []) {
  let listener: (exit: Exit) => void = () => undefined;
  const service: Service = {
    name: 'thing',
    logFile: '/no/such/log',
    pid: undefined,
    start: async () => starts.shift()?.(),
    stop: async () => undefined,
    kill: async () => undefined,
    restart: async () => undefined,
    onUnexpectedExit: (added) => {
      listener = added;
    },
  };
  return { service, die: () => listener({ code: null, signal: 'SIGKILL' }) };
}

/** Supervises until the part is up again or given up. */
function watch(service: Service, policy = AT_ONCE, signal = new AbortController().signal) {
  const told: string[] = [];
  let settle: () => void = () => undefined;
  const events = {
    restarting: (reason: string, delayMs: number) => void told.push(`${reason}, ${delayMs} ms`),
    restarted() {
      told.push('up');
      settle();
    },
    gaveUp(reason: string) {
      told.push(`given up: ${reason}`);
      settle();
    },
  };
  supervise(service, policy, events, signal);
  const settled = () =>
    new Promise<void>((resolve) => {
      settle = resolve;
    });
  return { told, settled };
}

test('a part that dies is started again', async () => {
  const { service, die } = fakeService();
  const { told, settled } = watch(service);
  const end = settled();
  die();
  await end;
  assert.deepEqual(told, ['it was ended by SIGKILL, 1 ms', 'up']);
});

test('quick deaths in a row are answered with longer pauses, and at last with giving up', async () => {
  const fail = () => {
    throw new Error('no database\nwith details');
  };
  const { service, die } = fakeService([fail, fail, fail, fail]);
  const { told, settled } = watch(service);
  const end = settled();
  die();
  await end;
  assert.deepEqual(told, [
    'it was ended by SIGKILL, 1 ms',
    'no database, 2 ms',
    'no database, 4 ms',
    'no database, 4 ms',
    'given up: no database',
  ]);
});

test('a part that lived long enough begins anew with the first pause', async () => {
  const { service, die } = fakeService();
  const { told, settled } = watch(service, { ...AT_ONCE, healthyAfterMs: -1 });
  for (let death = 0; death < 6; death++) {
    const end = settled();
    die();
    await end;
  }
  assert.equal(told.filter((text) => text === 'it was ended by SIGKILL, 1 ms').length, 6);
});

test('nothing is started again once the stack is being stopped', async () => {
  const stopping = new AbortController();
  const { service, die } = fakeService([() => assert.fail('started')]);
  const { told } = watch(service, AT_ONCE, stopping.signal);
  stopping.abort();
  die();
  assert.deepEqual(told, []);
});
