import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type QueryResponse, toRecord } from '@storepulse/contracts';
import { anOrder, SHOP } from '@storepulse/contracts/testing/events';
import { type LakeSettings, localPath, openDuck, openStore } from '@storepulse/lake';
import type { LakeFile } from '@storepulse/lake/manifest';
import { freePorts } from '@storepulse/local';
import type { Pipeline } from '../support/pipeline/pipeline.ts';
import { pythonPackage } from '../support/python-package.ts';
import { useServers } from '../support/servers.ts';
import { until } from '../support/until.ts';

const BUCKET = 'shop-lake';
/** Its packages take 300 MB: installed when they are asked for. */
const skip =
  process.env.STOREPULSE_S3 === '1'
    ? false
    : 'needs moto, an S3 server in Python: STOREPULSE_S3=1 npm test -- archiver/s3 installs it and runs this';

test('a lake in a bucket: written, merged, read back, and nothing left over', { skip }, async (t) => {
  await using servers = await useServers();
  const pipeline = servers.pipeline('archiver-s3');
  const endpoint = await startS3(pipeline);
  const settings: LakeSettings = {
    ...{ location: `s3://${BUCKET}/lake`, s3Endpoint: endpoint, s3Region: 'us-east-1' },
    ...{ s3AccessKeyId: 'key', s3SecretAccessKey: 'secret' },
  };
  const store = openStore(settings);
  await pipeline.start(
    'archiver',
    {
      ...{ ARCHIVER_FLUSH_MS: '250', ARCHIVER_MERGE_MS: '1000', ARCHIVER_REPLACED_KEEP_MS: '0' },
      ...{ LAKE_LOCATION: settings.location, LAKE_S3_ENDPOINT: endpoint },
      ...{ LAKE_S3_ACCESS_KEY_ID: 'key', LAKE_S3_SECRET_ACCESS_KEY: 'secret' },
    },
    'tests/archiver/quick-archiver.ts',
  );
  const producer = pipeline.kafka.producer();
  await producer.connect();
  pipeline.onStop(() => producer.disconnect());
  const send = async (events: readonly Parameters<typeof toRecord>[0][]) => {
    for (const event of events) {
      const { topic, key, value } = toRecord(event, '/test');
      await producer.send({ topic: `${pipeline.prefix}${topic}`, messages: [{ key, value }] });
    }
  };
  const files = () => pipeline.db.collection<LakeFile>('lake-files').find({ type: 'order_placed' }).toArray();
  const orders = Array.from({ length: 20 }, (_, n) => anOrder({ orderId: `o${n}`, visitorId: `v${n}` }));

  await send([SHOP, ...orders]);
  await until(
    'the orders of an ended day are one file',
    files,
    (found) => found.length === 1 && found[0]!.rows === orders.length,
    60_000,
  );
  await t.test(
    'an exporter answers combinations from the bucket, and keeps copies of live files alone',
    async () => {
      await pipeline.start('processor');
      const scratch = join(servers.folder, 'depth');
      const exporter = await pipeline.start('exporter', {
        ...{ EXPORTER_DEPTH_MB: '128', EXPORTER_DEPTH_FOLDER: scratch },
        ...{ LAKE_LOCATION: settings.location, LAKE_S3_ENDPOINT: endpoint },
        ...{ LAKE_S3_ACCESS_KEY_ID: 'key', LAKE_S3_SECRET_ACCESS_KEY: 'secret' },
      });
      const ask = async () => {
        const [from, to] = [SHOP.eventTime - 400 * 86_400_000, Date.now()];
        const query = { refId: 'A', shop: SHOP.shop, metric: 'orders', groupBy: ['country', 'device'] };
        const response = await fetch(`${exporter.url}/api/v1/query`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ range: { from, to }, queries: [{ ...query, format: 'table' }] }),
        });
        const { A } = ((await response.json()) as QueryResponse).results;
        const counts = (A?.frames[0]?.fields.at(-1)?.values ?? []) as number[];
        return { count: counts.reduce((sum, n) => sum + n, 0), source: A?.meta?.source, error: A?.error };
      };
      await until('all orders are told', ask, ({ count }) => count === orders.length, 60_000);
      const more = Array.from({ length: 20 }, (_, n) => anOrder({ orderId: `p${n}`, visitorId: `w${n}` }));
      await send(more);
      await until('and those that come', ask, ({ count }) => count === 2 * orders.length, 60_000);
      await until('the bucket has merged them', files, ([one]) => one?.rows === 2 * orders.length, 60_000);
      const copies = async () =>
        (await readdir(scratch, { recursive: true })).filter((path) =>
          /type=order_placed.*\.parquet$/.test(path),
        );
      const isLive = async () => {
        await ask();
        const [one] = await files();
        const found = await copies();
        return found.length === 1 && found[0]!.endsWith(one!._id) ? 'the live one' : found;
      };
      await until('one copy is kept', isLive, (found) => found === 'the live one', 60_000);
      assert.equal((await ask()).source, 'lake');
    },
  );
  await t.test('the file is fetched and read', async () => {
    const duck = await openDuck();
    const [file] = await files();
    const local = await localPath(store, file!._id, join(servers.folder, 'cache'));
    const rows = await duck.rows(`SELECT order_id FROM read_parquet('${local}')`);
    duck.close();
    assert.deepEqual(
      rows.map(({ order_id }) => order_id).sort(),
      [...orders.map(({ orderId }) => orderId), ...orders.map((_, n) => `p${n}`)].sort(),
    );
  });
  await t.test('the bucket holds the files of the manifest alone', async () => {
    const named = async () =>
      (await pipeline.db.collection<LakeFile>('lake-files').find().toArray()).map(({ _id }) => _id).sort();
    const stored = async () => {
      const paths: string[] = [];
      for await (const { path } of store.list('')) paths.push(path);
      return paths.sort();
    };
    const isSame = async () => JSON.stringify(await named()) === JSON.stringify(await stored());
    await until('no other object is there', isSame, Boolean, 30_000);
  });
  await t.test('what is not there, and a bucket that is not, are told of', async () => {
    await assert.rejects(
      store.fetch('shop=demo/none.parquet', join(servers.folder, 'none')),
      /is not in s3:/,
    );
    const elsewhere = openStore({ ...settings, location: 's3://no-such-bucket' });
    await assert.rejects(async () => {
      for await (const _ of elsewhere.list('')) assert.fail('an object of no bucket');
    }, /no such bucket/);
  });
});

test('a bucket without a key, and a place that is none, are refused with what to do', () => {
  const s3 = { s3Endpoint: 'http://127.0.0.1:9', s3Region: 'us-east-1' };
  assert.throws(() => openStore({ location: 's3://shop-lake', ...s3 }), /needs LAKE_S3_ACCESS_KEY_ID/);
  const withKey = { ...s3, s3AccessKeyId: 'a', s3SecretAccessKey: 'b' };
  assert.throws(() => openStore({ location: 's3://', ...withKey }), /is not s3:\/\/bucket\/prefix/);
  assert.throws(() => openStore({ location: 'gs://shop-lake', ...withKey }), /neither a folder nor s3:/);
});

/** Starts a local S3 server with the bucket; it ends with the pipeline. @returns its endpoint */
async function startS3(pipeline: Pipeline): Promise<string> {
  const found = await pythonPackage('moto[server]', '5.2.5');
  if ('missing' in found) throw new Error(found.missing);
  const [port] = await freePorts(1);
  const server = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    env: { ...process.env, PYTHONPATH: found.path },
    stdio: 'ignore',
  });
  pipeline.onStop(async () => {
    const ended = once(server, 'exit');
    server.kill();
    await ended;
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const make = () =>
    fetch(`${endpoint}/${BUCKET}`, { method: 'PUT' }).then(
      ({ ok }) => ok,
      () => false,
    );
  await until('the bucket is made', make, Boolean, 30_000);
  return endpoint;
}
