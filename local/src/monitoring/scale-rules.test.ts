import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { ROOT } from '../paths.ts';
import {
  durationOf,
  LARGEST_SCALE,
  LEAST_WAIT_MS,
  LEAST_WAIT_OF_DOWN_MS,
  leastWaitOf,
  millisecondsOf,
  readTimeScale,
  scaleDuration,
  scaleExpression,
  scaleRules,
  type TimeScale,
  UNSCALED_ALERTS,
} from './scale-rules.ts';

const scale = (factor: number) => factor as TimeScale;

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
}
const folder = join(ROOT, 'provisioning/prometheus/rules');
const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
const rulesIn = (text: string) =>
  (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);

test('ranges, steps of subqueries and offsets are divided, and nothing else is', () => {
  const cases: readonly [string, string][] = [
    ['rate(x_total[5m]) > 0.5', 'rate(x_total[10s]) > 0.5'],
    ['max_over_time(x[1h:5m] offset 30m)', 'max_over_time(x[2m:10s] offset 1m)'],
    ['x offset -5m', 'x offset -10s'],
    ['increase(x[1h30m]) >= 100', 'increase(x[3m]) >= 100'],
    ['shop:x:rate5m{le="2.5"} > 300 and time() > 5', 'shop:x:rate5m{le="2.5"} > 300 and time() > 5'],
    ['x{path="/5m"}', 'x{path="/5m"}'],
  ];
  for (const [before, after] of cases) assert.equal(scaleExpression(before, scale(30)), after);
});

test('a day and more is the calendar, and stays', () => {
  assert.equal(scaleExpression('x offset 1w', scale(60)), 'x offset 1w');
  assert.equal(scaleExpression('rate(x[1d])', scale(60)), 'rate(x[1d])');
  assert.equal(scaleExpression('rate(x[23h])', scale(60)), 'rate(x[23m])');
});

test('durations are written as Prometheus takes them', () => {
  assert.equal(durationOf(90_000), '90s');
  assert.equal(durationOf(1_500), '1500ms');
  assert.equal(millisecondsOf('1h30m5s10ms'), 5_405_010);
  assert.equal(scaleDuration('1m', scale(7)), '8571ms');
});

test('a time scale is a whole number from 1 to the one where a rate still has its two scrapes', () => {
  assert.equal(readTimeScale('1'), 1);
  assert.equal(readTimeScale(String(LARGEST_SCALE)), LARGEST_SCALE);
  for (const text of ['0', '61', '-3', '1.5', '', ' 5', 'fast', '1e1'])
    assert.equal(readTimeScale(text), undefined);
  const ranges = files.flatMap((text) =>
    [...text.matchAll(/\[(\w+)\]/g)].map(([, range]) => millisecondsOf(range!)),
  );
  assert.ok(Math.min(...ranges) / LARGEST_SCALE >= 2_000, 'two scrapes of a second');
});

test('on every scale the committed rules differ in windows and waits alone', () => {
  // What a reader may rely on: with all durations blanked out, nothing has changed.
  const blank = (text: string) => text.replace(/(\[|offset )\w+/g, '$1…');
  for (const text of files) {
    const before = rulesIn(text);
    const after = rulesIn(scaleRules(text, scale(30)));
    assert.equal(after.length, before.length);
    for (const [index, rule] of before.entries()) {
      const scaled = after[index]!;
      const { expr: _expr, for: _for, ...rest } = rule;
      const { expr: _scaledExpr, for: _scaledFor, ...scaledRest } = scaled;
      assert.deepEqual(scaledRest, rest);
      assert.equal(blank(scaled.expr), blank(rule.expr));
      if (UNSCALED_ALERTS.includes(rule.alert ?? '')) {
        assert.deepEqual(scaled, rule);
        continue;
      }
      assert.equal(scaled.for === undefined, rule.for === undefined);
      if (rule.for)
        assert.equal(
          millisecondsOf(scaled.for!),
          Math.max(leastWaitOf(rule.alert!), millisecondsOf(rule.for) / 30),
        );
      const windows = (expression: string) =>
        [...expression.matchAll(/(?:\[|offset )(\w+)/g)].map(([, range]) => millisecondsOf(range!));
      const expected = windows(rule.expr).map((ms) => (ms < 86_400_000 ? ms / 30 : ms));
      assert.deepEqual(windows(scaled.expr), expected, rule.alert ?? rule.record);
    }
  }
});

test('what is the same on every scale are alerts that there are, and why is in their limits', () => {
  const alerts = files.flatMap(rulesIn).filter(({ alert }) => alert);
  const unscaled = alerts.filter(({ alert }) => UNSCALED_ALERTS.includes(alert!));
  assert.equal(unscaled.length, UNSCALED_ALERTS.length);
  // The age of a figure against a number of seconds, or a number of scrapes that changed it.
  const inSeconds = alerts.filter(({ expr }) => /time\(\) -|changes\(/.test(expr));
  assert.deepEqual(
    inSeconds.map(({ alert }) => alert),
    UNSCALED_ALERTS,
  );
});

test('on the scale of production the rules are the committed ones', () => {
  for (const text of files) assert.deepEqual(parse(scaleRules(text, scale(1))), parse(text));
});

test('a part that is busy for some scrapes is neither down nor stuck, on whatever scale', () => {
  const named = (alert: string) => files.flatMap(rulesIn).filter((rule) => rule.alert === alert);
  for (const alert of ['ProcessorDown', 'ExporterDown', 'SimulatorDown', 'StoreDown', 'ProcessorStuck']) {
    assert.equal(named(alert).length, 1, alert);
    assert.equal(leastWaitOf(alert), LEAST_WAIT_OF_DOWN_MS);
  }
  assert.equal(leastWaitOf('MergeBehind'), LEAST_WAIT_MS);
});
