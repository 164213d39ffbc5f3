import { parseArgs } from 'node:util';
import { measureCurves } from './curves.ts';
import type { Measured } from './measure.ts';
import { createStand, type Stand } from './stand.ts';

const HELP = `Usage: npx node bench/processor/run.ts [options]

Measures on real servers, in one run, events per CPU second of
  parsing      consuming and JSON.parse, nothing else: with kafkajs, and with the processor's own consumer
  processor    the whole product: exactly-once, windows of five resolutions, merge stage; without and with event-id dedupe

  --events N      events on the topic (default 2000000, of some 300 bytes, in 4 partitions)
  --processes L   how many processes share the work, a list (default 1,2)
  --curves        what an event costs with ten times the open windows, 12 tasks for one, ten times the stored history
  --profile DIR   writes a CPU profile of each measured process there
  --help
`;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '2000000' },
    processes: { type: 'string', default: '1,2' },
    curves: { type: 'boolean', default: false },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const PARTITIONS = 4;
await using stand = await createStand(values.profile);
console.table(values.curves ? await measureCurves(stand) : await compare(stand));

async function compare(stand: Stand) {
  const loaded = await stand.load('bench', Number(values.events), { partitions: PARTITIONS });
  const bytes = Math.round(loaded.bytesPerEvent);
  process.stdout.write(`${loaded.events} events of ${bytes} bytes in ${PARTITIONS} partitions\n`);
  const rows = [];
  for (const processes of values.processes.split(',').map(Number)) {
    const parsing = await stand.parse(loaded, 'kafkajs', processes);
    rows.push(row('kafkajs and JSON.parse', parsing, parsing));
    rows.push(row('own consumer and JSON.parse', await stand.parse(loaded, 'processor', processes), parsing));
    for (const dedupe of [false, true]) {
      const database = `bench-${processes}-${dedupe}`;
      const counting = await stand.count(loaded, { database, processes, dedupe });
      rows.push(row(`whole processor, dedupe ${dedupe ? 'on' : 'off'}`, counting, parsing));
    }
  }
  return rows;
}

function row(what: string, measured: Measured, baseline: Measured) {
  const perCpuSecond = (one: Measured) => one.events / one.cpuSeconds;
  return {
    what,
    processes: measured.processes,
    'events/CPU-s': Math.round(perCpuSecond(measured)),
    'to parsing': Number((perCpuSecond(measured) / perCpuSecond(baseline)).toFixed(2)),
    'CPU s': Number(measured.cpuSeconds.toFixed(1)),
    'wall s': Number(measured.wallSeconds.toFixed(1)),
    'RSS MB': Math.round(measured.maxRssMb),
  };
}
