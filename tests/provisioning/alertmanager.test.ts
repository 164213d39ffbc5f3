import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { ROOT, readText } from './compose-file.ts';

const FOLDER = 'provisioning/alertmanager';

interface Route {
  readonly receiver: string;
  readonly routes?: readonly Route[];
}
interface Inhibition {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal?: readonly string[];
}
const config = parse(readText(`${FOLDER}/alertmanager.yml`)) as {
  readonly route: Route & { readonly group_by: readonly string[] };
  readonly receivers: readonly { readonly name: string }[];
  readonly inhibit_rules: readonly Inhibition[];
};

interface Alert {
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: { readonly subject?: string };
}
const alerts = readdirSync(join(ROOT, 'provisioning/prometheus/rules')).flatMap((file) => {
  const { groups } = parse(readText(`provisioning/prometheus/rules/${file}`)) as {
    groups: { rules: Alert[] }[];
  };
  return groups.flatMap(({ rules }) => rules.filter(({ alert }) => alert));
});

/** The names of alerts that a matcher such as `alertname =~ "A|B"` asks for. */
function namesIn(matchers: readonly string[]): string[] {
  return matchers.flatMap((matcher) => /^alertname =~? "?([\w|]+)"?$/.exec(matcher)?.[1]?.split('|') ?? []);
}

test('every route leads to a receiver that is there', () => {
  const routesOf = (route: Route): Route[] => [route, ...(route.routes ?? []).flatMap(routesOf)];
  const names = config.receivers.map(({ name }) => name);
  for (const { receiver } of routesOf(config.route)) assert.ok(names.includes(receiver), receiver);
  for (const name of ['webhook', 'email', 'chat']) assert.ok(names.includes(name), name);
});

test('what holds an alert back, and what is held back, are alerts that there are', () => {
  const known = alerts.map(({ alert }) => alert!);
  const named = config.inhibit_rules.flatMap(({ source_matchers, target_matchers }) => [
    ...namesIn(source_matchers),
    ...namesIn(target_matchers),
  ]);
  assert.ok(named.length > 5);
  assert.deepEqual(
    named.filter((name) => !known.includes(name)),
    [],
  );
});

test('stale figures hold back every alert on how that shop does, and no other', () => {
  const rule = config.inhibit_rules.find(({ source_matchers }) =>
    namesIn(source_matchers).includes('FiguresStale'),
  );
  assert.deepEqual(rule, {
    source_matchers: ['alertname = FiguresStale'],
    target_matchers: ['subject = shop'],
    equal: ['shop'],
  });
  const ofShops = alerts.filter(({ labels }) => labels?.subject === 'shop').map(({ alert }) => alert);
  const { groups } = parse(readText('provisioning/prometheus/rules/shops.alerts.yml')) as {
    groups: { rules: Alert[] }[];
  };
  assert.deepEqual(
    ofShops,
    groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)),
  );
  assert.ok(!ofShops.includes('FiguresStale'));
});

test('the templates that messages use are there, and no secret is', () => {
  const text = readText(`${FOLDER}/alertmanager.yml`);
  const templates = readText(`${FOLDER}/templates/storepulse.tmpl`);
  for (const [, name] of text.matchAll(/template "([\w.]+)"/g)) {
    assert.ok(templates.includes(`{{ define "${name}" }}`), name);
  }
  assert.ok(existsSync(join(ROOT, FOLDER, 'templates')));
  assert.doesNotMatch(text, /^\s*(auth_password|api_url|password|credentials):/m);
});
