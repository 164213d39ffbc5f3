import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ROOT } from './compose-file.ts';

const FOLDER = join(ROOT, 'provisioning/prometheus');

/** A rule of Prometheus. */
export interface Rule {
  readonly expr: string;
  readonly record?: string;
  readonly alert?: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What promtool expects of an alert at a moment. */
export interface AlertTest {
  readonly alertname: string;
  readonly eval_time: string;
  readonly exp_alerts: readonly object[];
}

/** One of promtool's tests: series, and what comes of them. */
export interface PromtoolTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series?: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test?: readonly AlertTest[];
  readonly promql_expr_test?: readonly object[];
}

/** A file of tests with the rules that it is about. */
export interface TestFile {
  readonly evaluation_interval: string;
  /** Texts of the files of rules. */
  readonly rules: readonly string[];
  readonly tests: readonly PromtoolTest[];
}

/** The committed tests. */
export function committedTests(): TestFile[] {
  return readdirSync(join(FOLDER, 'tests')).map((name) => {
    // Texts as they stand: `0x20`, zero and twenty more, is a number to YAML.
    const file = parse(readFileSync(join(FOLDER, 'tests', name), 'utf8'), { schema: 'failsafe' }) as {
      rule_files: string[];
      evaluation_interval: string;
      tests: PromtoolTest[];
    };
    const rules = file.rule_files.map((path) => readFileSync(join(FOLDER, 'tests', path), 'utf8'));
    return { evaluation_interval: file.evaluation_interval, rules, tests: file.tests };
  });
}

/** YAML that promtool takes: each text in one line, nothing told by reference. */
export function written(document: object): string {
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** All rules of a file. */
export function rulesIn(text: string): Rule[] {
  const { groups } = parse(text) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

/** A test of alerts, and what it needs to be run by itself. */
export interface AlertTests {
  readonly evaluation_interval: string;
  /** Without what it expects. */
  readonly series: Omit<PromtoolTest, 'alert_rule_test' | 'promql_expr_test'>;
  readonly expected: readonly AlertTest[];
  /** The alerts that it asks for. */
  readonly alerts: readonly Rule[];
  /** What these alerts read of other rules. */
  readonly read: readonly Rule[];
}

/** The committed tests that ask for alerts, one by one. */
export function committedAlertTests(): AlertTests[] {
  return committedTests().flatMap(({ rules: texts, tests, evaluation_interval }) => {
    const rules = texts.flatMap(rulesIn);
    return tests.flatMap(({ alert_rule_test: expected = [], promql_expr_test: _, ...series }) => {
      const alerts = rules.filter(({ alert }) => expected.some(({ alertname }) => alertname === alert));
      const expressions = alerts.map(({ expr }) => expr).join(' ');
      const others = rules.filter((rule) => !alerts.includes(rule));
      const read = others.filter(({ record, alert }) =>
        expressions.includes(record ?? `alertname="${alert}"`),
      );
      return alerts.length === 0 ? [] : [{ evaluation_interval, series, expected, alerts, read }];
    });
  });
}

/** A file of rules. */
export const fileOf = (rules: readonly Rule[]): string => written({ groups: [{ name: 'tested', rules }] });

/** @returns what promtool says of the tests that do not hold; empty when all do */
export function runTests(promtool: string, files: readonly TestFile[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'storepulse-rules-'));
  try {
    const names = files.map(({ rules, ...file }, index) => {
      const rule_files = rules.map((text, place) => {
        const path = join(folder, `${index}-${place}.rules.yml`);
        writeFileSync(path, text);
        return path;
      });
      const path = join(folder, `${index}.test.yml`);
      writeFileSync(path, written({ rule_files, ...file }));
      return path;
    });
    const { status, stdout, stderr } = spawnSync(promtool, ['test', 'rules', ...names], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    return status === 0 ? '' : stderr || stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
