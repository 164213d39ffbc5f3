import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPromtool } from '@storepulse/local';
import {
  durationOf,
  millisecondsOf,
  scaleRules,
  type TimeScale,
  UNSCALED_ALERTS,
} from '@storepulse/local/monitoring/scale-rules';
import { type MovedLimit, movedLimits } from './alert-limits.ts';
import { committedAlertTests, fileOf, type Rule, runTests, type TestFile } from './promtool-tests.ts';

/** The limits of an alert, each moved a little, as alerts of other names. */
function moved(rule: Rule): (MovedLimit & { name: string })[] {
  return movedLimits(rule).map(({ what, rule: other }, index) => {
    const name = `${rule.alert}__${index}`;
    // One that asks for itself asks for its own name.
    const expr = other.expr.replaceAll(`alertname="${rule.alert}"`, `alertname="${name}"`);
    return { what, name, rule: { ...other, alert: name, expr } };
  });
}

test('every limit of every alert is tested on both sides: just under, exactly at and just over it, and just before and when it is told', async () => {
  const limits = new Map<string, string>();
  // Of each alert's moved limits is expected what is expected of the alert.
  const files = committedAlertTests().map(
    ({ evaluation_interval, series, expected, alerts, read }): TestFile => {
      const others = new Map(alerts.map((rule) => [rule.alert!, moved(rule)]));
      for (const [alert, list] of others)
        for (const { name, what } of list) limits.set(name, `${alert}: ${what}`);
      const alert_rule_test = expected.flatMap((one) =>
        others.get(one.alertname)!.map(({ name }) => ({ ...one, alertname: name })),
      );
      const rules = [...read, ...[...others.values()].flat().map(({ rule }) => rule)];
      return { evaluation_interval, rules: [fileOf(rules)], tests: [{ ...series, alert_rule_test }] };
    },
  );
  assert.ok(limits.size > 100, `${limits.size} limits`);
  const said = runTests(await findPromtool(), files);
  // A file that promtool can not run fails without the name of a test.
  assert.doesNotMatch(said, /FAILED:\n(?! +name: )/);
  const noticed = new Set([...said.matchAll(/alertname: (\w+),/g)].map(([, name]) => name!));
  const unnoticed = [...limits].flatMap(([name, what]) => (noticed.has(name) ? [] : [what]));
  assert.deepEqual(unnoticed, []);
});

test('on a quicker time scale all of it holds as much sooner', async () => {
  // The quickest on which no `for` is below the least: beyond it only these differ, which scale-rules.test.ts holds.
  const scale = 4 as TimeScale;
  const sooner = (duration: string) => durationOf(millisecondsOf(duration) / scale);
  // Numbers stay: what is compared in seconds, or per second, comes to something else when series go by quicker.
  const left = new Set([...UNSCALED_ALERTS, 'AccessDenied', 'CollectorNotAccepting']);
  const files = committedAlertTests().flatMap(
    ({ evaluation_interval, series, expected, alerts, read }): TestFile[] => {
      const alert_rule_test = expected
        .filter(({ alertname }) => !left.has(alertname))
        .map((one) => ({ ...one, eval_time: sooner(one.eval_time) }));
      if (alert_rule_test.length === 0) return [];
      return [
        {
          evaluation_interval: sooner(evaluation_interval),
          rules: [scaleRules(fileOf([...read, ...alerts]), scale)],
          tests: [{ ...series, interval: sooner(series.interval), alert_rule_test }],
        },
      ];
    },
  );
  const tested = new Set(
    files.flatMap(({ tests }) =>
      tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test.map(({ alertname }) => alertname)),
    ),
  );
  assert.ok(tested.size > 40, `${tested.size} alerts`);
  assert.equal(runTests(await findPromtool(), files), '');
});
