import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type RunState, readRunState } from '@storepulse/local/parts/run-file';
import { dataFolder } from '@storepulse/local/paths';
import type { Status } from '@storepulse/simulator/http/schemas';
import { rounded, showReport } from '../simulator/report.ts';
import { askSimulator, type Usage, usageOf } from '../simulator/stand.ts';

const HELP = `Usage: npx node bench/at-rest/run.ts [options]

What the running stack costs while nothing is asked of it, by process: cores and memory at several rates of the simulator. Start it
with npm start, wait until its history is merged, and close its pages. Afterwards the traffic goes on as before.

  --rates LIST   events a second, one after the other (default 0,50,500)
  --seconds N    how long each is measured (default 60)
  --settle N     seconds between a change of the rate and its measurement (default 20)
  --out FILE     writes the figures there as JSON
  --help
`;

const { values: options } = parseArgs({
  options: {
    rates: { type: 'string', default: '0,50,500' },
    seconds: { type: 'string', default: '60' },
    settle: { type: 'string', default: '20' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const running = options.help ? undefined : readRunState(dataFolder(process.env));
if (options.help) process.stdout.write(HELP);
else if (!running) {
  process.stderr.write('Nothing runs here: start it with npm start.\n');
  process.exitCode = 1;
} else await measure(running);

async function measure({ parts }: RunState): Promise<void> {
  const processes = parts.flatMap(({ name, pid }) => (pid === undefined ? [] : [{ name, pid }]));
  const simulator = parts.find(({ name }) => name === 'simulator');
  if (!simulator) throw new Error('the stack runs without a simulator');
  const ask = askSimulator(simulator.address);
  const seconds = Number(options.seconds);
  const { profile } = await ask<Status>('GET', '/v1/status');
  const rows = [];
  for (const rate of options.rates.split(',').map(Number)) {
    await ask('PUT', '/v1/rate', { rate });
    await sleep(Number(options.settle) * 1_000);
    const before = await usages(processes);
    await sleep(seconds * 1_000);
    const after = await usages(processes);
    const cores = processes.map((_, i) => (after[i]!.cpuSeconds - before[i]!.cpuSeconds) / seconds);
    const named = processes.map(({ name }, i) => [`${name} cores`, rounded(cores[i]!, 3)]);
    rows.push({
      'events/s': rate,
      ...Object.fromEntries(named),
      'all cores': rounded(
        cores.reduce((sum, each) => sum + each, 0),
        3,
      ),
      'all MB': rounded(after.reduce((sum, { residentMb }) => sum + residentMb, 0)),
    });
  }
  await ask('PUT', '/v1/profile', profile);
  showReport('at-rest', rows, options.out);
}

function usages(processes: readonly { pid: number }[]): Promise<Usage[]> {
  return Promise.all(processes.map(({ pid }) => usageOf(pid)));
}
