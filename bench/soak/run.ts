import { execFile } from 'node:child_process';
import { appendFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import type { Status } from '@storepulse/simulator/http/schemas';
import { startBar } from '../simulator/progress.ts';
import { askSimulator } from '../simulator/stand.ts';
import { judge, MOST_MB_PER_HOUR } from './judge.ts';
import { dashboardRefresh, followLive, loop, read, shopOverHttp } from './readers.ts';
import { type Sample, takeSample } from './sample.ts';
import { createStand } from './stand.ts';

const HELP = `Usage: npx node bench/soak/run.ts [options]

Whether memory and disk stay as they are while the whole stack works: simulator, collector with orders over HTTP, processor, archiver,
and an exporter that is asked for the panels of four dashboards every ten seconds, scraped every five and followed live. Topics are
kept for minutes instead of days, and history ends all the time, so that windows go, tombstones are written and segments are deleted.
Every 15 s memory and disk are looked at; in the end everything is verified against the simulator's ledger.

  --minutes N       how long (default 60)
  --rate N          events a second of the simulator (default 500)
  --history D       history that is made first (default 15d: as long as minutes are kept)
  --history-rate N  its events a second (default 0.06)
  --raw FILE        each sample as a line of JSON (default soak.jsonl)
  --out FILE        writes what came out there as JSON
  --keep            leaves the data
  --help
`;
const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '500' },
    history: { type: 'string', default: '15d' },
    'history-rate': { type: 'string', default: '0.06' },
    raw: { type: 'string', default: 'soak.jsonl' },
    out: { type: 'string' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const EVERY_MS = 15_000;
const SHOP = 'demo-shop';
const say = (text: string) => process.stdout.write(`${new Date().toISOString()} ${text}\n`);

const stand = await createStand(tmpdir(), options.history, Number(options['history-rate']));
try {
  const { urls } = stand;
  const ask = askSimulator(urls.simulator);
  const note = (kind: string, what: object) =>
    appendFile(options.raw, `${JSON.stringify({ kind, ...what })}\n`);
  await note('begin', { at: new Date().toISOString(), options });
  say(`parts are up in ${stand.folder}`);
  for (;;) {
    const { queued, madeUntil, sent } = await ask<Status>('GET', '/v1/status');
    const ready = await fetch(`${urls.processor}/-/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    say(`history: sent ${sent}, queued ${queued}, processor ready ${ready}`);
    if (queued === 0 && ready && madeUntil !== null && madeUntil > Date.now() - 60_000) break;
    await sleep(5_000);
  }
  await stand.compress();
  await ask('PUT', '/v1/rate', { rate: Number(options.rate) });
  const overHttp = await shopOverHttp(urls.collector, 'http-shop');
  const refresh = await dashboardRefresh(urls.exporter, SHOP);
  const loops = {
    refreshes: loop('refresh', 10_000, refresh),
    scrapes: loop('scrape', 5_000, async () => void (await read(`${urls.exporter}/metrics`))),
    live: followLive(urls.exporter, SHOP),
    posts: loop('post', 500, () => overHttp.send(10)),
  };
  const began = Date.now();
  const { sent: before } = await ask<Status>('GET', '/v1/status');
  const seconds = Number(options.minutes) * 60;
  const samples: Sample[] = [];
  const bar = startBar('soak', seconds);
  for (let n = 0; n * EVERY_MS <= seconds * 1_000; n++) {
    await sleep(Math.max(0, began + n * EVERY_MS - Date.now()));
    const { sent, queued } = await ask<Status>('GET', '/v1/status');
    const { watched: processes, db, kafkaLog, folders } = stand;
    const at = (Date.now() - began) / 1_000;
    const sample = await takeSample({ at, events: sent - before, processes, db, kafkaLog, folders });
    const counts = Object.fromEntries(
      Object.entries(loops).map(([name, { counts }]) => [name, { ...counts }]),
    );
    await note('sample', { ...sample, queued, counts, orders: overHttp.orders });
    samples.push(sample);
    bar.update(at);
  }
  bar.stop();
  await Promise.all(Object.values(loops).map(({ stop }) => stop()));
  await note('orders', { sent: overHttp.orders });
  say('verify');
  const verify = fileURLToPath(new URL('../../simulator/src/verify-main.ts', import.meta.url));
  const environment = {
    ...process.env,
    ...stand.settings,
    SIMULATOR_URL: urls.simulator,
    EXPORTER_URL: urls.exporter,
  };
  const { stdout } = await promisify(execFile)(process.execPath, [verify, '--json'], {
    env: environment,
    maxBuffer: 1e9,
  }).catch((error: { stdout: string; stderr: string }) => {
    say(error.stderr);
    return error;
  });
  await writeFile(`${options.raw}.verify.json`, stdout);
  const sound = (JSON.parse(stdout || '{}') as { sound?: boolean }).sound === true;
  const found = { ...judge(samples), sound };
  console.table(found.memory);
  console.table(found.disk);
  const rising = found.memory.filter(({ rises }) => rises).map(({ what }) => what);
  say(`more than ${MOST_MB_PER_HOUR} MB an hour: ${rising.join(', ') || 'none'}`);
  say(
    `past their time for five minutes: ${found.overdue} documents; verify: ${sound ? 'all agrees' : 'DIFFERS'}`,
  );
  if (options.out) await writeFile(options.out, `${JSON.stringify(found, null, 2)}\n`);
  if (rising.length > 0 || found.overdue > 0 || !sound) process.exitCode = 1;
  say('done');
} finally {
  await stand.stop();
  if (!options.keep) await stand.remove();
}
