import type { ScenarioName } from '@storepulse/simulator/scenarios/scenarios';
import type { ActiveAlert } from './prometheus-client.ts';
import type { ScenarioAlert } from './scenario-alerts.ts';

/** What one scenario came to. */
export interface Outcome {
  scenario: ScenarioName;
  /** The alert that was to fire. */
  alert: string;
  /** Seconds from the beginning of the scenario to the alert; undefined: it did not fire in time. */
  firedAfter: number | undefined;
  /** Seconds from the end of the scenario until nothing fired or was about to; undefined: not in time. */
  resolvedAfter: number | undefined;
  /** Alerts that fired and were not to, by name. */
  others: string[];
}

/** What playing a scenario needs. */
export interface GameParts {
  begin(scenario: ScenarioName): Promise<void>;
  end(scenario: ScenarioName): Promise<void>;
  /** Alerts that fire or are about to. */
  alerts(): Promise<ActiveAlert[]>;
  /** Names of those that somebody is told of; undefined where no Alertmanager decides. */
  told(): Promise<string[] | undefined>;
  /** Told when the alert fires. */
  onFired(alert: ActiveAlert, seconds: number): void;
  /** Told once for each alert that was not to fire. */
  onOther(name: string): void;
  /** ms since any fixed point. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** How long to wait for the alert, and for the quiet after it, in ms. */
  patienceMs: number;
}

const LOOK_EVERY_MS = 1000;

/** True for one that fired as it was meant to, ended, and left every other alert quiet. */
export function isAsMeant({ firedAfter, resolvedAfter, others }: Outcome): boolean {
  return firedAfter !== undefined && resolvedAfter !== undefined && others.length === 0;
}

/** Begins a scenario, waits for its alert, ends it, and waits until all is quiet. The scenario is ended whatever happens. */
export async function play(
  scenario: ScenarioName,
  { alert, follows }: ScenarioAlert,
  parts: GameParts,
): Promise<Outcome> {
  const { now, sleep, patienceMs } = parts;
  const others = new Set<string>();
  const seconds = (since: number) => Math.round((now() - since) / 1000);

  /** Looks once. @returns what fires of what was meant to, and whether nothing at all does */
  async function look(): Promise<{ named: ActiveAlert | undefined; isQuiet: boolean }> {
    const [active, told] = await Promise.all([parts.alerts(), parts.told()]);
    const firing = active.filter(({ state }) => state === 'firing');
    const names = firing.map(({ name }) => name);
    // Prometheus says what fires; of that Alertmanager says what somebody is told of.
    const counted = told ? names.filter((name) => told.includes(name)) : names;
    const held = told ? [] : follows;
    for (const name of counted) {
      if (name === alert || held.includes(name) || others.has(name)) continue;
      others.add(name);
      parts.onOther(name);
    }
    return { named: firing.find(({ name }) => name === alert), isQuiet: active.length === 0 };
  }

  async function lookUntil(
    isDone: (seen: Awaited<ReturnType<typeof look>>) => boolean,
  ): Promise<number | undefined> {
    const began = now();
    while (now() - began <= patienceMs) {
      if (isDone(await look())) return seconds(began);
      await sleep(LOOK_EVERY_MS);
    }
    return undefined;
  }

  let firedAfter: number | undefined;
  const began = now();
  await parts.begin(scenario);
  try {
    firedAfter = await lookUntil(({ named }) => {
      if (named) parts.onFired(named, seconds(began));
      return named !== undefined;
    });
  } finally {
    await parts.end(scenario);
  }
  const resolvedAfter = await lookUntil(({ isQuiet }) => isQuiet);
  return { scenario, alert, firedAfter, resolvedAfter, others: [...others] };
}
