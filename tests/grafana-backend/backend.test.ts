import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import { createApp } from '@storepulse/exporter/app';
import { documentsOf } from '@storepulse/exporter/testing/documents';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeShop } from '@storepulse/exporter/testing/shops';
import { keyFolder, policyOf } from '@storepulse/http/testing/access';
import { buildGo, findGo } from '@storepulse/local/packaging/build-backend';
import { ROOT } from '@storepulse/local/paths';
import pino from 'pino';

// The data source's backend is started as Grafana's server starts it, and asked over the same protocol, against an exporter
// that asks for a key. `npm test` fetches no Go modules: where Go or they are missing, this says so and is skipped.

const HOUR = 3_600_000;
const PLUGIN = join(ROOT, 'grafana-plugin');
const found = await findGo(PLUGIN, true);
const skip = 'missing' in found ? found.missing : false;

const folder = await mkdtemp(join(tmpdir(), 'storepulse-backend-'));
const executable = join(folder, 'gpx_storepulse');
const client = join(folder, 'grafanaclient');
const keys = keyFolder();
const key = await keys.make({ scopes: ['read'] });
const shop = makeShop();
const begin = Date.UTC(2026, 0, 1, 10);
const now = begin + 2 * HOUR + 60_000;
const app = await createApp({
  ...{ catalog, version: '1.2.3', log: pino({ level: 'silent' }), now: () => now },
  policy: policyOf({ folder: keys.folder }),
  store: createMemoryStore({
    shops: [shop],
    documents: documentsOf(
      catalog,
      shop,
      [12.25, 7, 3.5].map((pounds, i) => ({
        time: begin + i * HOUR,
        adds: { gross_sales: pounds * 1_000, orders: 1 },
        dimensions: { country: i === 1 ? 'Spain' : 'France' },
      })),
    ),
  }),
});
await app.listen({ host: '127.0.0.1', port: 0 });
const apiUrl = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
after(async () => {
  await app.close();
  keys.remove();
  await rm(folder, { recursive: true });
});

interface Said {
  health: { status: string; message: string };
  data: {
    results: Record<
      string,
      {
        status: number;
        error?: string;
        errorSource?: string;
        frames?: { schema: Schema; data: { values: unknown[][] } }[];
      }
    >;
  };
}
interface Schema {
  meta: { type: string; notices?: { text: string }[] };
  fields: { name: string; type: string; labels?: Record<string, string>; config?: { unit?: string } }[];
}

/** What the backend says to Grafana's server. */
async function ask(asking: {
  queries: object[];
  headers?: object;
  apiKey?: string;
  jsonData?: object;
}): Promise<Said> {
  const child = spawn(client, [], { stdio: ['pipe', 'pipe', 'pipe'] });
  const range = { from: begin, to: now, maxDataPoints: 500, intervalMs: 60_000 };
  child.stdin.end(
    JSON.stringify({
      executable,
      jsonData: { apiUrl, defaultShop: shop.shop, ...asking.jsonData },
      secrets: { apiKey: asking.apiKey ?? key },
      headers: asking.headers ?? {},
      queries: asking.queries.map((query, n) => ({ refId: `${n}`, ...range, query })),
    }),
  );
  const [said, faults] = await Promise.all([text(child.stdout), text(child.stderr)]);
  assert.notEqual(said, '', faults);
  return JSON.parse(said) as Said;
}

test('the backend answers Grafana’s server as the API does', { skip }, async () => {
  assert.ok('go' in found);
  await buildGo({ go: found.go, plugin: PLUGIN, command: './pkg' }, executable);
  await buildGo({ go: found.go, plugin: PLUGIN, command: './pkg/grafanaclient' }, client);
  const sales = { version: 1, metric: 'gross_sales', interval: '1h' };
  const { health, data } = await ask({
    headers: { FromAlert: 'true' },
    queries: [
      ...[sales, { ...sales, format: 'table', groupBy: 'country' }, { ...sales, shop: '$shop' }],
      { ...sales, furtherMetrics: ['orders'] },
    ],
  });
  assert.deepEqual(
    [health.status, /^Connected: \d+ metrics, shop uk-retail\.$/.test(health.message)],
    ['OK', true],
  );
  const [series, table, refused, several] = ['0', '1', '2', '3'].map((refId) => data.results[refId]!);

  const frame = series!.frames![0]!;
  // The bucket that is still filling is not judged.
  assert.deepEqual(frame.data.values, [
    [begin, begin + HOUR],
    [12.25, 7],
  ]);
  assert.equal(frame.schema.meta.type, 'timeseries-wide');
  assert.ok(frame.schema.meta.notices!.some(({ text: told }) => /still filling.*not judged/.test(told)));
  assert.equal(frame.schema.fields[1]!.config!.unit, 'currencyGBP');
  assert.deepEqual(table!.frames![0]!.data.values, [
    ['France', 'Spain'],
    [15.75, 7],
  ]);
  assert.equal(refused!.status, 400);
  assert.match(refused!.error!, /The shop is "\$shop", and variables have no value/);
  assert.equal(refused!.errorSource, 'downstream');

  // Several metrics are one frame, whose labels a rule tells them by.
  assert.deepEqual(
    several!.frames!.map(({ schema, data: { values } }) => [
      schema.fields.map(({ labels }) => labels?.metric),
      values.slice(1),
    ]),
    [
      [
        [undefined, 'gross_sales', 'orders'],
        [
          [12.25, 7],
          [1, 1],
        ],
      ],
    ],
  );

  // The oracle is the API, asked for the same.
  const api = await fetch(`${apiUrl}/api/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({
      range: { from: begin, to: now },
      queries: [{ refId: 'A', shop: shop.shop, metric: 'gross_sales', groupBy: 'country', interval: '1h' }],
    }),
  });
  const { results } = (await api.json()) as {
    results: { A: { frames: { fields: { values: unknown[] }[] }[] } };
  };
  const grouped = await ask({ queries: [{ ...sales, groupBy: 'country' }] });
  const shown = grouped.data.results['0']!.frames![0]!;
  assert.deepEqual(
    shown.data.values,
    results.A.frames[0]!.fields.map(({ values }) => values),
  );
  assert.deepEqual(
    shown.schema.fields.map(({ labels }) => labels?.country),
    [undefined, 'France', 'Spain'],
  );
});

test('a key that is refused is told by health and by each query, and is in no word of it', {
  skip,
}, async () => {
  const apiKey = 'spk_wrong_secret';
  const said = await ask({ queries: [{ metric: 'orders' }], apiKey });
  assert.equal(said.health.status, 'ERROR');
  for (const words of [said.health.message, said.data.results['0']!.error!]) {
    assert.match(words, /^The API key was refused/);
    assert.ok(!words.includes(apiKey));
  }
  assert.equal(said.data.results['0']!.status, 401);
  const nobody = await ask({ queries: [{ metric: 'orders' }], jsonData: { defaultShop: 'nobody' } });
  assert.match(nobody.health.message, /no shop "nobody"/);
  assert.equal(nobody.data.results['0']!.status, 404);
});
