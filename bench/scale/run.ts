import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServers } from '@storepulse/local';
import { startBar } from '../simulator/progress.ts';
import { rounded, showReport } from '../simulator/report.ts';
import { CURVES, type CurveName } from './curves.ts';
import { measurePoint } from './point.ts';

const names = Object.keys(CURVES) as CurveName[];
const HELP = `Usage: npx node bench/scale/run.ts [options]

What an event costs the processor, and how much memory it takes, as something else grows: the product's own metrics and events of
visits, real servers, each point from empty topics and an empty database. CPU time is that of the processors alone, from when they
own all tasks until all windows are published; what they take to start, and at rest afterwards, is told apart.

  --curves LIST  of ${names.join(', ')} (default all)
  --events N     of each point (default 40000)
  --minutes N    how long it is waited for a step: for the tasks to be owned, for the events to be counted (default 5)
  --profile DIR  writes a CPU profile of each process there
  --out FILE     writes the figures there as JSON
  --help
`;
const { values: options } = parseArgs({
  options: {
    curves: { type: 'string', default: names.join() },
    events: { type: 'string', default: '40000' },
    minutes: { type: 'string', default: '5' },
    profile: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const chosen = options.curves.split(',');
const unknown = chosen.find((name) => !names.includes(name as CurveName));
if (options.help) process.stdout.write(HELP);
else if (unknown !== undefined) {
  process.stderr.write(`There is no curve ${unknown}: ${names.join(', ')}.\n`);
  process.exitCode = 1;
} else await measure();

async function measure(): Promise<void> {
  const events = Number(options.events);
  const limitMs = Number(options.minutes) * 60_000;
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-'));
  const servers = await startServers({ dataDir: folder, kafkaHeapMb: 1_024, mongoCacheGb: 1 });
  const points = (chosen as CurveName[]).flatMap((curve) =>
    CURVES[curve].map((point) => ({ curve, ...point })),
  );
  const bar = startBar('scale', points.length);
  const rows: Record<string, string | number>[] = [];
  try {
    for (const [n, { curve, size, fill, ...point }] of points.entries()) {
      const nameOf = (at: number) => `${curve}-${at}`;
      const firstOf = nameOf(points.findIndex((other) => other.curve === curve));
      const measured = await measurePoint(servers, {
        ...{ name: nameOf(n), events, limitMs, profileFolder: options.profile, ...point },
        ...(fill ? { fill: (database: string) => fill(servers.mongoUri, firstOf, database) } : {}),
      });
      const first = rows.find((row) => row.curve === curve);
      const perEvent = rounded(measured.perEvent, 1);
      const to = (column: string, value: number) => rounded(value / Number(first?.[column] ?? value), 2);
      rows.push({
        curve,
        size,
        'CPU µs per event': perEvent,
        'to the first': to('CPU µs per event', perEvent),
        'peak MB': rounded(measured.peakMb),
        'MB to the first': to('peak MB', measured.peakMb),
        'start, CPU s': rounded(measured.startSeconds, 2),
        'at rest, cores': rounded(measured.restCores, 3),
        'windows per event': rounded(measured.windowsPerEvent, 3),
        'partials per event': rounded(measured.partialsPerEvent, 3),
        commits: measured.commits,
      });
      if (!process.stderr.isTTY) process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
      bar.update(n + 1);
    }
  } finally {
    bar.stop();
    await servers.stop();
    await rm(folder, { recursive: true, force: true });
  }
  showReport('scale', rows, options.out);
}
