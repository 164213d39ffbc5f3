import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { FAULT_NAMES } from '../../faults/faults.ts';
import { PROFILE_NAMES } from '../../load/profile.ts';
import { SCENARIO_NAMES } from '../../scenarios/scenarios.ts';
import { eventRateOf, percentOf, rateOfSlider, readStages, shareOf, sliderOfRate } from './fields.js';
import { pathOf, roundUp } from './rate-chart.js';
import { addPageRoutes } from './routes.ts';

const app = fastify();
addPageRoutes(app);
const { payload: html, headers } = await app.inject('/');

test('a browser may run the page’s own files and nothing else', () => {
  const policy = String(headers['content-security-policy']);
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self'(;|$)/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe|\*/);
  assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=|javascript:/i);
  for (const [script] of html.matchAll(/<script[^>]*>[^<]*<\/script>/g)) {
    assert.match(script, /^<script type="module" src="\/page\/[a-z-]+\.js"><\/script>$/);
  }
});

test('every file that the page or one of its modules names is served with its type', async () => {
  const left = [...html.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map(([, path]) => path!);
  const seen = new Set<string>();
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const answer = await app.inject(path);
    assert.equal(answer.statusCode, 200, path);
    assert.match(
      String(answer.headers['content-type']),
      path.endsWith('.css') ? /^text\/css/ : /^text\/javascript/,
    );
    for (const [, file] of answer.payload.matchAll(/ from '\.\/([a-z-]+\.js)';$/gm)) {
      left.push(`/page/${file}`);
    }
  }
  assert.equal(seen.size, 10);
});

test('files beside the page’s own are not served', async () => {
  for (const file of ['routes.ts', 'page.test.ts', '..%2Fserver.ts', '']) {
    assert.equal((await app.inject(`/page/${file}`)).statusCode, 404, file);
  }
});

test('every profile, scenario and fault has its control, and every field a label', () => {
  for (const name of PROFILE_NAMES) assert.ok(html.includes(`<option value="${name}">`), name);
  for (const name of SCENARIO_NAMES) assert.ok(html.includes(`data-scenario="${name}"`), name);
  for (const name of FAULT_NAMES) assert.ok(html.includes(`data-fault="${name}"`), name);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
  assert.deepEqual([...new Set(ids)], ids);
  for (const [, id] of html.matchAll(/<(?:input|select) id="([^"]+)"/g)) {
    assert.ok(
      html.includes(`<label for="${id}">`) || html.includes(`<label class="check"><input id="${id}"`),
      id,
    );
  }
});

test('the slider goes from nothing to 10,000 per second, and back to the place that it was at', () => {
  assert.equal(rateOfSlider(0), 0);
  assert.equal(rateOfSlider(50), 100);
  assert.equal(rateOfSlider(100), 10_000);
  assert.equal(sliderOfRate(0), 0);
  assert.equal(sliderOfRate(200_000), 100);
  for (let position = 1; position <= 100; position++) {
    assert.ok(Math.abs(sliderOfRate(rateOfSlider(position)) - position) <= 1, `${position}`);
  }
});

test('percent and shares are the same number without the digits of binary fractions', () => {
  assert.equal(shareOf(7), 0.07);
  assert.equal(shareOf(0.1), 0.001);
  assert.equal(percentOf(0.07), 7);
  assert.equal(percentOf(0.29), 29);
  for (let percent = 0; percent <= 100; percent += 0.25) assert.equal(percentOf(shareOf(percent)), percent);
});

test('stages are read as they are typed', () => {
  assert.deepEqual(readStages(' 5m:200, 2m:10 '), [
    { duration: '5m', target: 200 },
    { duration: '2m', target: 10 },
  ]);
  assert.deepEqual(readStages(''), []);
});

test('the chart’s scale is the next round number, and its line goes from edge to edge', () => {
  const scales = [0, 1, 1.5, 2, 4.9, 50, 51, 99, 101, 7_000].map(roundUp);
  assert.deepEqual(scales, [1, 1, 2, 2, 5, 50, 100, 100, 200, 10_000]);
  const points = [0, 500, 1_000].map((at) => ({ at, requested: at / 10, achieved: 100 }));
  assert.equal(pathOf(points, 'requested', 100), 'M0.0 160.0 L300.0 80.0 L600.0 0.0');
  assert.equal(pathOf(points, 'achieved', 100), 'M0.0 0.0 L300.0 0.0 L600.0 0.0');
  assert.equal(pathOf(points.slice(0, 1), 'requested', 100), 'M0.0 160.0');
});

test('a rate that counts visits is proposed as a rate of events', () => {
  assert.equal(eventRateOf({ profile: 'poisson', rate: 7 }), 7);
  assert.equal(eventRateOf({ profile: 'diurnal', rate: 16 / 3_600, unit: 'sessions' }), 50);
});
