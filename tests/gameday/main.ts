import { setTimeout as sleep } from 'node:timers/promises';
import { LocalError } from '@storepulse/local';
import { isAsMeant, type Outcome } from '@storepulse/local/gameday/game';
import type { PrometheusClient } from '@storepulse/local/gameday/prometheus-client';
import { runGameDay } from '@storepulse/local/gameday/run-game-day';
import type { TimeScale } from '@storepulse/local/monitoring/scale-rules';
import { findAlertmanager, findPrometheus, findPromtool } from '@storepulse/local/programs/find';
import { run } from '@storepulse/local/programs/run';
import { createTerminal, type Terminal } from '@storepulse/local/screen/terminal';
import { SCENARIO_NAMES, type ScenarioName } from '@storepulse/simulator/scenarios/scenarios';
import { Command, Option } from 'commander';
import { GAME_DAY_FILE, writeGameDayResult } from './result.ts';
import { startGameStage, warmUp } from './stage.ts';

const SCALE = 30 as TimeScale;
const RATE = 500;
const HOUR_MS = 3_600_000 / SCALE;

interface Options {
  scenarios: ScenarioName[];
  out: string | undefined;
}

const command = new Command('test:gameday')
  .description(
    'Plays every scenario in a stack of its own, on real Prometheus and Alertmanager: each must raise its alert and no other, and a quiet hour none',
  )
  .addOption(
    new Option(
      '--scenarios <names...>',
      'only these, in this order; their results replace their earlier ones',
    )
      .choices(SCENARIO_NAMES)
      .default([...SCENARIO_NAMES]),
  )
  .option('--out <file>', 'writes the result there instead of docs/reference/game-day.json')
  .addHelpText(
    'after',
    `
It takes about 35 minutes, on a time scale of ${SCALE} with ${RATE} events per second.
Afterwards, npm run docs brings docs/reference/game-day.md up to date.
Exit status: 0 all as meant · 1 not`,
  )
  .action(main);

async function main(options: Options): Promise<void> {
  const terminal = createTerminal(process.stdout);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  try {
    if (!(await playAll(options, terminal, stopping.signal))) process.exitCode = 1;
  } catch (error) {
    if (!stopping.signal.aborted && !(error instanceof LocalError)) throw error;
    terminal.warn(stopping.signal.aborted ? 'Given up.' : (error as LocalError).message);
    process.exitCode = 1;
  }
}

/** @returns whether everything was as meant */
async function playAll(
  { scenarios, out }: Options,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const stage = await startGameStage({ scale: SCALE, rate: RATE }, terminal, signal);
  try {
    terminal.print('  waiting until the shop has sold for an hour on the time scale …');
    await warmUp(stage, RATE, HOUR_MS);
    const fired = await firedWithin(HOUR_MS, stage.prometheus, signal);
    terminal.print(`  a quiet hour: ${fired.length === 0 ? 'no alert' : fired.join(', ')}`);
    const outcomes = await runGameDay(scenarios, {
      ...stage,
      findPromtool,
      write: (text) => terminal.print(text),
      signal,
    });
    await writeGameDayResult(out ?? GAME_DAY_FILE, {
      scale: SCALE,
      rate: RATE,
      quiet: { seconds: HOUR_MS / 1000, fired },
      versions: {
        prometheus: await versionOf(await findPrometheus()),
        alertmanager: await versionOf(await findAlertmanager()),
      },
      scenarios: Object.fromEntries(outcomes.map(resultOf)),
    });
    return fired.length === 0 && outcomes.length === scenarios.length && outcomes.every(isAsMeant);
  } finally {
    await stage.close();
  }
}

function resultOf(outcome: Outcome) {
  const { scenario, alert, firedAfter = null, resolvedAfter = null, others } = outcome;
  const date = new Date().toISOString();
  return [scenario, { alert, holds: isAsMeant(outcome), firedAfter, resolvedAfter, others, date }] as const;
}

/** Names of the alerts that fire within a time. */
async function firedWithin(ms: number, prometheus: PrometheusClient, signal: AbortSignal): Promise<string[]> {
  const names = new Set<string>();
  const end = performance.now() + ms;
  while (performance.now() < end) {
    for (const { name, state } of await prometheus.alerts()) if (state === 'firing') names.add(name);
    await sleep(1000, undefined, { signal });
  }
  return [...names].sort();
}

async function versionOf(program: string): Promise<string> {
  const text = await run(program, ['--version'], { timeoutMs: 10_000 });
  return /version (\S+)/.exec(text)?.[1] ?? 'unknown';
}

await command.parseAsync();
