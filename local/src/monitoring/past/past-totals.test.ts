import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pastTotals } from './past-totals.ts';

const HOUR = 3_600_000;
const noon = Date.UTC(2026, 0, 5, 12);
const samplesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('storepulse'))
    .map((line) => {
      const [, series, value, time] = /^(.*) (\S+) (\S+)$/.exec(line)!;
      return { series, value: Number(value), time: Number(time) * 1_000 };
    });
const orders = (total: number, ...by: number[]) => ({
  name: 'storepulse_orders_total',
  labels: { job: 'storepulse-exporter', shop: 'say "a"' },
  total,
  hours: by.map((each, i) => ({ from: noon + i * HOUR, to: noon + (i + 1) * HOUR, by: each })),
});

test('a counter of the past is at full hours what was stored, and never falls in between', () => {
  const samples = samplesOf(pastTotals([orders(100, 6, 0, 24)]));
  const at = (time: number) => samples.find((sample) => sample.time === time)?.value;
  assert.deepEqual([at(noon), at(noon + HOUR), at(noon + 2 * HOUR)], [70, 76, 76]);
  assert.equal(at(noon + 2.5 * HOUR), 88);
  assert.ok(samples.every(({ value }, i) => i === 0 || value >= samples[i - 1]!.value));
  assert.ok(
    samples.every(
      ({ series }) => series === 'storepulse_orders_total{job="storepulse-exporter",shop="say \\"a\\""}',
    ),
  );
});

test('the last sample is not above what a scrape shows, however short the last hour is', () => {
  const counter = orders(10, 4, 6);
  const now = noon + HOUR + 7 * 60_000;
  const hours = counter.hours.map((hour) => ({ ...hour, to: Math.min(hour.to, now) }));
  const samples = samplesOf(pastTotals([{ ...counter, hours }]));
  const last = samples.at(-1)!;
  assert.ok(last.time < now && last.time > now - 300_000);
  assert.ok(last.value <= 10 && last.value > 4);
});

test('counters of one name follow each other, as the form wants it', () => {
  const text = pastTotals([
    orders(1, 1),
    { ...orders(2, 1), name: 'storepulse_refunds_total' },
    { ...orders(3, 1), labels: { shop: 'b' } },
  ]);
  const types = text.split('\n').filter((line) => line.startsWith('# '));
  assert.deepEqual(types, ['# TYPE storepulse_orders counter', '# TYPE storepulse_refunds counter', '# EOF']);
});
