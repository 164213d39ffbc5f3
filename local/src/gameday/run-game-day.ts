import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlClient } from '@storepulse/simulator/cli/control-client';
import type { ScenarioName } from '@storepulse/simulator/scenarios/scenarios';
import { LocalError } from '../errors.ts';
import { addSamples } from '../monitoring/past/add-blocks.ts';
import { dashboardOf } from '../notifications/app.ts';
import { isAsMeant, type Outcome, play } from './game.ts';
import { pastLikeNow, presentOf, seasonsOf, withoutPast } from './past-weeks.ts';
import { askAlertmanager, createPrometheusClient, type PrometheusClient } from './prometheus-client.ts';
import { SCENARIO_ALERTS } from './scenario-alerts.ts';
import type { GameStack } from './stack.ts';

/** What a game day depends on. */
export interface GameDayParts {
  stack: GameStack;
  /** Steers the simulator. */
  simulator: ControlClient;
  /** Finds promtool. */
  findPromtool(): Promise<string>;
  /** Prometheus' storage, where the past weeks are put. */
  storage: string;
  write(text: string): void;
  signal: AbortSignal;
}

/** The longest window of the rules that a scenario can fill. */
const WINDOW_MS = 60 * 60_000;
/** That window, and the longest `for` of the rules. */
const LONGEST_MS = WINDOW_MS + 15 * 60_000;
/** For what does not scale: scrapes, commits, and visits under way. */
const MARGIN_MS = 120_000;
/** Prometheus reads new blocks once a minute. */
const BLOCKS_MS = 180_000;
const LOOK_EVERY_MS = 1000;

/**
 * Plays scenarios one after the other, until one does not end in quiet. Each begins when the rules no longer see the one before.
 * @returns what came of each that was played
 * @throws {LocalError} `not_quiet` when an alert fires before; `not_running` when a server does not answer
 */
export async function runGameDay(
  scenarios: readonly ScenarioName[],
  parts: GameDayParts,
): Promise<Outcome[]> {
  const { stack, simulator, write, signal } = parts;
  const prometheus = createPrometheusClient(stack.prometheus);
  await requireQuiet(prometheus);
  await simulator.request('GET', '/v1/status');
  await provideWeeks(prometheus, parts);
  const outcomes: Outcome[] = [];
  for (const scenario of scenarios) {
    const last = outcomes.at(-1);
    if (last) {
      // One that did not end is not held against the next.
      if (last.resolvedAfter === undefined) break;
      const restMs = restAfter(last.resolvedAfter, stack.scale);
      if (restMs > 0) write(`  ${Math.round(restMs / 1000)} s until the rules no longer see it …`);
      await sleep(restMs, undefined, { signal });
    }
    const expected = SCENARIO_ALERTS[scenario];
    write(`\n${scenario}: ${expected.alert} must fire …`);
    const outcome = await play(scenario, expected, {
      begin: async (name) => {
        await simulator.request('POST', `/v1/scenarios/${name}`, {});
      },
      end: async (name) => {
        await simulator.request('DELETE', `/v1/scenarios/${name}`);
        write('  ended the scenario; waiting until it is quiet …');
      },
      alerts: () => prometheus.alerts(),
      told: async () => (stack.alertmanager ? askAlertmanager(stack.alertmanager) : undefined),
      onFired({ name, severity, summary, runbook, dashboard, shop }, seconds) {
        write(`  after ${seconds} s: ${name} (${severity}) ${summary}`);
        if (stack.dashboards) write(`  look:    ${dashboardOf(stack.dashboards, dashboard, shop)}`);
        write(`  runbook: ${runbook}`);
      },
      onOther: (name) => write(`  ${name} fired too, and was not to`),
      now: () => performance.now(),
      sleep: (ms) => sleep(ms, undefined, { signal }),
      patienceMs: LONGEST_MS / stack.scale + MARGIN_MS,
    });
    outcomes.push(outcome);
    write(`  ${verdict(outcome)}`);
  }
  return outcomes;
}

/**
 * How long what a scenario did stays in the window of a rule once all is quiet, in ms.
 * @param resolvedAfter seconds from its end to the quiet @param scale how much quicker than written the rules are
 */
export function restAfter(resolvedAfter: number, scale: number): number {
  return Math.max(0, WINDOW_MS / scale - resolvedAfter * 1000);
}

/** One line of what came of a scenario. */
export function verdict(outcome: Outcome): string {
  const { alert, firedAfter, resolvedAfter, others } = outcome;
  if (isAsMeant(outcome)) return `✓ fired after ${firedAfter} s, quiet ${resolvedAfter} s after the end`;
  const faults = [
    ...(firedAfter === undefined
      ? [`${alert} did not fire: is there traffic enough? npm run sim -- status`]
      : []),
    ...(others.length > 0 ? [`fired too: ${others.join(', ')}`] : []),
    ...(resolvedAfter === undefined ? ['something still fires'] : []),
  ];
  return `✗ ${faults.join('; ')}`;
}

async function requireQuiet(prometheus: PrometheusClient): Promise<void> {
  const firing = (await prometheus.alerts()).filter(({ state }) => state === 'firing');
  if (firing.length === 0) return;
  const lines = firing.map(({ name, summary, runbook }) => `  ${name}: ${summary} (${runbook})`);
  throw new LocalError(
    'not_quiet',
    `Alerts fire already, so that what a scenario raises could not be told apart:\n${lines.join('\n')}\nFollow their runbooks, or wait until they end: ${lines.length === 1 ? 'it is' : 'they are'} shown by Prometheus at /alerts.`,
  );
}

/**
 * Alerts on what is usual compare with past weeks, of which a Prometheus that has just begun has none: on a quicker scale they are
 * made like the present, so that "usual" is what the shop does before anything goes wrong.
 */
async function provideWeeks(
  prometheus: PrometheusClient,
  { stack, findPromtool, storage, write, signal }: GameDayParts,
): Promise<void> {
  const rules = await prometheus.expressions();
  const seasons = await withoutPast(prometheus, seasonsOf(rules.map(({ expression }) => expression)));
  if (seasons.length === 0) return;
  if (stack.scale === 1) {
    write('Prometheus has no past weeks yet, so alerts on what is usual can not fire.');
    return;
  }
  const present = await Promise.all(
    seasons.map(async (season) => ({ ...season, samples: await prometheus.query(presentOf(season)) })),
  );
  const known = present.filter(({ samples }) => samples.length > 0);
  if (known.length === 0) return;
  write('Prometheus has no past weeks yet: they are made like the present …');
  await addSamples(await findPromtool(), storage, pastLikeNow(known, Date.now()));
  const deadline = performance.now() + BLOCKS_MS;
  while ((await withoutPast(prometheus, known)).length > 0) {
    if (performance.now() > deadline) {
      throw new LocalError(
        'not_quiet',
        `Prometheus does not read what was put into ${storage}. See its log.`,
      );
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
