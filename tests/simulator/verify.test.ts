import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { type RunningPart, type RunningServers, startPart, startServers } from '@storepulse/local';
import { MongoClient } from 'mongodb';
import { until } from '../support/until.ts';

const MAIN = join(import.meta.dirname, '../../simulator/src/verify-main.ts');
const folder = mkdtempSync(join(tmpdir(), 'storepulse-verify-'));
const parts: RunningPart[] = [];
let servers: RunningServers;
let environment: Record<string, string>;

before(async () => {
  servers = await startServers({ dataDir: folder, kafkaHeapMb: 384 });
  environment = {
    KAFKA_BROKERS: servers.kafkaBrokers,
    MONGODB_URI: servers.mongoUri,
    SIMULATOR_SHOPS: 'first:gb,second:jp',
    SIMULATOR_BACKFILL: '30m',
    SIMULATOR_BACKFILL_RATE: '5',
    SIMULATOR_RATE: '50',
  };
  for (const name of ['processor', 'exporter', 'simulator'] as const) {
    const part = await startPart(name, environment, join(folder, name));
    parts.push(part);
    environment[`${name.toUpperCase()}_URL`] = part.url;
  }
});
after(async () => {
  await Promise.allSettled(parts.map((part) => part.stop()));
  await servers.stop();
  rmSync(folder, { recursive: true });
});

async function verify(...args: string[]): Promise<{ output: string; status: number | null }> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...environment } });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const output = (await Promise.all([text(child.stdout), text(child.stderr)])).join('');
  return { output, status: await ended };
}

async function sentEvents(): Promise<number> {
  const answer = await fetch(`${environment.SIMULATOR_URL}/v1/status`);
  return ((await answer.json()) as { sent: number }).sent;
}

test('with malformed and poisonous traffic, what is shown is what must be, until a stored cell is altered by hand', async () => {
  const faults = { malformed: 0.05, poison: 0.05 };
  const answer = await fetch(`${environment.SIMULATOR_URL}/v1/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
  assert.equal(answer.status, 200);
  // Compared at rest: while traffic goes on, ledger and answer are of different moments.
  await until('a thousand events are sent', sentEvents, (sent) => sent >= 1_000);
  await fetch(`${environment.SIMULATOR_URL}/v1/stop`, { method: 'POST' });
  const sound = await verify();
  assert.equal(sound.status, 0, sound.output);
  assert.match(sound.output, /^\d+ cells compared, 0 different/);

  const again = await verify();
  assert.equal(again.status, 0, again.output);
  const client = await new MongoClient(servers.mongoUri).connect();
  try {
    const altered = await client
      .db('storepulse')
      .collection('metrics')
      .updateOne(
        { shop: 'second', resolution: 'all', 'cells.country.JP.product_views': { $exists: true } },
        { $inc: { 'cells.country.JP.product_views': 1 } },
      );
    assert.equal(altered.modifiedCount, 1);
  } finally {
    await client.close();
  }
  const off = await verify('--wait', '1s');
  assert.equal(off.status, 1, off.output);
  assert.match(off.output, /1 different/);
  assert.match(off.output, /second product_views by country=JP: expected \d+, shown \d+, difference 1/);
});
