import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { ROOT } from '../paths.ts';
import { pastLikeNow, presentOf, seasonsOf, withoutPast } from './past-weeks.ts';
import type { PrometheusClient } from './prometheus-client.ts';

const WEEK_MS = 7 * 86_400_000;

test('what the committed rules compare with past weeks is found in them', () => {
  const folder = join(ROOT, 'provisioning/prometheus/rules');
  const expressions = readdirSync(folder).flatMap((name) => {
    const { groups } = parse(readFileSync(join(folder, name), 'utf8')) as {
      groups: { rules: { expr: string }[] }[];
    };
    return groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
  });
  const offsets = [WEEK_MS, 2 * WEEK_MS, 3 * WEEK_MS];
  assert.deepEqual(seasonsOf(expressions), [
    { series: 'shop:storepulse_orders:increase1h', offsets },
    { series: 'shop:storepulse_refunds:increase1h', offsets },
    { series: 'shop:storepulse_session_conversion:ratio_rate1h', offsets },
    { series: 'shop:storepulse_aov:ratio_rate1h', offsets },
    { series: 'shop:storepulse_discount_share:ratio_rate1h', offsets },
    { series: 'shop:storepulse_views_per_visit:ratio_rate1h', offsets },
  ]);
});

test('what refunds are usual is seen in the orders that they follow, as those of a new shop still rise', () => {
  const offsets = [WEEK_MS];
  assert.equal(
    presentOf({ series: 'shop:storepulse_refunds:increase1h', offsets }),
    'shop:storepulse_orders:increase1h * 0.084',
  );
  assert.equal(presentOf({ series: 'shop:x:increase1h', offsets }), 'shop:x:increase1h');
});

test('an offset of hours is no season', () => {
  assert.deepEqual(seasonsOf(['x offset 3h', 'rate(x[5m])']), []);
});

test('past weeks are, minute by minute, as the present is', () => {
  const now = Date.UTC(2026, 2, 30, 12);
  const season = {
    series: 'shop:x:increase1h',
    offsets: [WEEK_MS, 2 * WEEK_MS],
    samples: [{ labels: { __name__: 'shop:x:increase1h', shop: 'say "a"' }, value: 225.5 }],
  };
  const lines = pastLikeNow([season], now).trimEnd().split('\n');
  assert.equal(lines[0], '# TYPE shop:x:increase1h gauge');
  assert.equal(lines.at(-1), '# EOF');
  const samples = lines.slice(1, -1);
  const times = samples.map((line) => Number(line.split(' ').at(-1)) * 1000);
  assert.ok(samples.every((line) => line.startsWith('shop:x:increase1h{shop="say \\"a\\""} 225.5 ')));
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
  for (const offset of season.offsets) {
    const ofWeek = times.filter((time) => Math.abs(time - (now - offset)) < WEEK_MS / 2);
    assert.ok(ofWeek[0]! <= now - offset - 5 * 60_000, 'as far as Prometheus looks back');
    assert.ok(ofWeek.at(-1)! >= now - offset + 3_600_000, 'for the game day that follows');
  }
});

test('a season of which one week is known has a past', async () => {
  const prometheus: Pick<PrometheusClient, 'query'> = {
    query: async (expression) =>
      expression.startsWith('count(known') && expression.endsWith(`${(2 * WEEK_MS) / 1000}s)`)
        ? [{ labels: {}, value: 1 }]
        : [],
  };
  const seasons = ['known', 'new'].map((series) => ({ series, offsets: [WEEK_MS, 2 * WEEK_MS] }));
  const lacking = await withoutPast(prometheus as PrometheusClient, seasons);
  assert.deepEqual(
    lacking.map(({ series }) => series),
    ['new'],
  );
});
