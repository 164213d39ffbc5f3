import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SCENARIO_ALERTS } from '@storepulse/local/gameday/scenario-alerts';
import { SCENARIO_NAMES } from '@storepulse/simulator/scenarios/scenarios';
import { parse } from 'yaml';
import { ROOT, readText } from './compose-file.ts';

const alerts = readdirSync(join(ROOT, 'provisioning/prometheus/rules')).flatMap((file) => {
  const { groups } = parse(readText(`provisioning/prometheus/rules/${file}`)) as {
    groups: { rules: { alert?: string }[] }[];
  };
  return groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
});

test('every scenario of the simulator has an alert that there is', () => {
  assert.deepEqual(Object.keys(SCENARIO_ALERTS).sort(), [...SCENARIO_NAMES].sort());
  for (const { alert, follows } of Object.values(SCENARIO_ALERTS)) {
    for (const name of [alert, ...follows]) assert.ok(alerts.includes(name), name);
  }
});

test('Alertmanager holds back exactly what is said to follow from the alert of a scenario', () => {
  const { inhibit_rules: rules } = parse(readText('provisioning/alertmanager/alertmanager.yml')) as {
    inhibit_rules: { source_matchers: string[]; target_matchers: string[] }[];
  };
  /** Names that a list of matchers asks for by name; of other labels nothing is known here. */
  const named = (matchers: string[]) =>
    matchers.flatMap((matcher) => /^alertname =~? "?([\w|]+)"?$/.exec(matcher)?.[1]?.split('|') ?? []);
  for (const [scenario, { alert, follows }] of Object.entries(SCENARIO_ALERTS)) {
    const held = rules
      .filter(({ source_matchers }) => named(source_matchers).includes(alert))
      .flatMap(({ target_matchers }) => named(target_matchers));
    assert.deepEqual([...follows].sort(), held.sort(), scenario);
  }
});
