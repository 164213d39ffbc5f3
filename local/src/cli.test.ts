import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { processIdentity } from '../bootstrap/identity.mjs';
import { bundledArguments } from './parts/bundle.ts';
import { writeRunState } from './parts/run-file.ts';
import { ROOT } from './paths.ts';

const BOOTSTRAP = fileURLToPath(new URL('../bootstrap.mjs', import.meta.url));

let data: string;
/** As one file: it is started two dozen times. The bootstrap starts its sources. */
let program: readonly string[];
before(async () => {
  program = await bundledArguments(ROOT, 'local/src/cli.ts');
  data = mkdtempSync(join(tmpdir(), 'storepulse-cli-'));
});
after(() => rmSync(data, { recursive: true }));

async function call(program: readonly string[], args: string[], settings: Record<string, string> = {}) {
  const env = { ...process.env, STOREPULSE_DATA: data, ...settings };
  const child = spawn(process.execPath, [...program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { out, err, status: status as number };
}

const cli = (args: string[], settings?: Record<string, string>) => call(program, args, settings);

test('every fault of the settings is told at once, without a stack trace', async () => {
  const { err, status } = await cli(['start'], { KAFKA_PORT: 'many', MONGODB_PORT: '70000' });
  assert.equal(status, 1);
  assert.match(err, /KAFKA_PORT: "many" does not fit[\s\S]*MONGODB_PORT: "70000" does not fit/);
  assert.doesNotMatch(err, / {4}at /);
});

test('a server that is given by address and does not answer is told before anything is started', async () => {
  const { err, status } = await cli(['start'], {
    MONGODB_URI: 'mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=200',
  });
  assert.equal(status, 1);
  assert.match(err, /The given servers can't be used:\n {2}- MongoDB: .*Check MONGODB_URI/);
  assert.equal(existsSync(join(data, 'mongodb')), false);
});

test('history that can’t be meant is refused before anything is started', async () => {
  const { err, status } = await cli(['start', '--history', '-30d']);
  assert.equal(status, 1);
  assert.match(err, /argument '-30d' is invalid. use none, or a number and/);
  assert.equal(existsSync(join(data, 'kafka')), false);
});

test('servers and time scales that there are not are refused before anything is started', async () => {
  const wrong: readonly [string[], RegExp][] = [
    [['--with', 'grafana'], /there is no "grafana": use prometheus,alertmanager,lake/],
    [['--with', 'alertmanager'], /Alertmanager is told by Prometheus/],
    [['--with', 'prometheus', '--time-scale', '61'], /use a whole number from 1 to 60/],
    [['--time-scale', '30'], /a time scale is that of alerts: add --with prometheus/],
  ];
  for (const [args, message] of wrong) {
    const { err, status } = await cli(['start', ...args]);
    assert.equal(status, 1);
    assert.match(err, message);
  }
  assert.equal(existsSync(join(data, 'prometheus')), false);
});

test('a game day lists its scenarios, and without a stack says how to start one', async () => {
  const listed = await cli(['gameday', '--list']);
  assert.equal(listed.status, 0);
  assert.match(listed.out, /payment-outage +PaymentsFailing/);
  const alone = await cli(['gameday', 'payment-outage']);
  assert.equal(alone.status, 1);
  assert.match(alone.err, /Storepulse is not running here[\s\S]*--with prometheus,alertmanager/);
  for (const [args, message] of [
    [['gameday'], /name a scenario, or use --all/],
    [['gameday', 'rain'], /'rain' is invalid[\s\S]*payment-outage/],
  ] as const) {
    const { err, status } = await cli([...args]);
    assert.equal(status, 1);
    assert.match(err, message);
  }
});

test('a part that others need can not be left out', async () => {
  const { err, status } = await cli(['start', '--without', 'processor']);
  assert.equal(status, 1);
  assert.match(err, /Allowed choices are collector, simulator, preview/);
});

test('the status of nothing is told to people and to programs, and is a failure', async () => {
  const human = await cli(['status']);
  assert.deepEqual([human.out, human.status], ['Not running. Start it with: npm start\n', 1]);
  const { out, status } = await cli(['status', '--json']);
  assert.deepEqual([JSON.parse(out), status], [{ running: false, parts: [], lag: null }, 1]);
});

test('stopping nothing is no failure', async () => {
  const { out, status } = await cli(['stop']);
  assert.deepEqual([out, status], ['Nothing is running.\n', 0]);
});

test('a reset without a terminal wants to be confirmed on the command line', async () => {
  const { err, status } = await cli(['reset']);
  assert.equal(status, 1);
  assert.match(err, /npm run reset -- --yes/);
});

test('a confirmed reset removes our data, and what else is in the folder stays', async () => {
  const ours = ['mongodb', 'prometheus', 'alertmanager-x30'];
  for (const name of ours) mkdirSync(join(data, name));
  writeFileSync(join(data, 'mine.txt'), '');
  const { status } = await cli(['reset', '--yes']);
  assert.equal(status, 0);
  for (const name of ours) assert.equal(existsSync(join(data, name)), false);
  assert.equal(existsSync(join(data, 'mine.txt')), true);
});

test('a reset is refused while the stack runs', async () => {
  const running = mkdtempSync(join(data, 'running-'));
  const supervisor = { pid: process.pid, identity: processIdentity(process.pid)! };
  writeRunState(running, { supervisor, startedAt: '', settings: {}, parts: [] });
  const { err, status } = await cli(['reset', '--yes'], { STOREPULSE_DATA: running });
  assert.equal(status, 1);
  assert.match(err, new RegExp(`is running here \\(process ${process.pid}\\)\\. Stop it first: npm stop`));
});

test('a replay into nothing says what to do', async () => {
  const { err, status } = await cli(['replay', '--file', 'x.csv']);
  assert.equal(status, 1);
  assert.match(err, /Nothing is running to replay into\. .*npm start/);
});

test('a test pattern that fits no file is a failure', async () => {
  const { err, status } = await cli(['test', 'no-such-file']);
  assert.equal(status, 1);
  assert.match(err, /No test file's path contains "no-such-file"/);
});

test('every command explains itself', async () => {
  for (const command of ['start', 'stop', 'status', 'reset', 'test']) {
    const { out, status } = await cli([command, '--help']);
    assert.equal(status, 0);
    assert.match(out, new RegExp(`Usage: storepulse ${command}`));
  }
});

test('the bootstrap passes arguments on, and ends with the status of the command', async () => {
  const nothing = await call([BOOTSTRAP], ['status']);
  assert.deepEqual([nothing.out, nothing.status], ['Not running. Start it with: npm start\n', 1]);
  assert.equal((await call([BOOTSTRAP], ['stop'])).status, 0);
});
