import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manyPanels } from '../browser/many-panels.ts';
import { openPreview } from '../browser/open-preview.ts';
import { isPainted } from '../dashboards/open-dashboard.ts';
import { machineClock } from '../support/clock.ts';
import { thirtyDays } from './thirty-days.ts';

const LOOK_EVERY_MS = 20;
const MOST_MS = 60_000;
const REPEATS = 5;
/** A panel that asks nothing, so that there is something to wait for. */
const EMPTY = {
  ...{ uid: 'empty', title: 'empty', schemaVersion: 41, time: { from: 'now-30d', to: 'now' } },
  panels: [
    {
      ...{ id: 1, type: 'text', title: 'Words', gridPos: { x: 0, y: 0, w: 24, h: 4 } },
      options: { mode: 'markdown', content: 'Nothing is asked.' },
    },
  ],
};

const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[list.length >> 1]!;

test('twenty panels over thirty days are drawn within two seconds more than an empty dashboard', async (t) => {
  const full = manyPanels('twenty', 20, { from: 'now-30d', to: 'now' });
  const { page, visit, errors } = await openPreview(t, [full, EMPTY], { store: thirtyDays() });
  // All panels are in sight.
  await page.setViewportSize({ width: 1280, height: 2_400 });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/proxy/')) asked.push(request.url());
  });

  const draw = async (uid: string) => {
    asked.length = 0;
    const stopwatch = await machineClock.start();
    await visit(`/d/${uid}`);
    const deadline = performance.now() + MOST_MS;
    while (!(await isPainted(page))) {
      assert.ok(performance.now() < deadline, `${uid} is not painted`);
      await page.waitForTimeout(LOOK_EVERY_MS);
    }
    const ms = stopwatch();
    const { metrics } = await session.send('Performance.getMetrics');
    const cpu = 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
    return { ms, cpu, requests: asked.length };
  };
  // The browser keeps what it has fetched, and the exporter what it has read.
  await draw('twenty');
  const times = { twenty: [] as number[], empty: [] as number[] };
  const cpus = { twenty: [] as number[], empty: [] as number[] };
  let requests = 0;
  for (let n = 0; n < REPEATS; n++) {
    for (const uid of ['empty', 'twenty'] as const) {
      const drawn = await draw(uid);
      times[uid].push(drawn.ms);
      cpus[uid].push(drawn.cpu);
      if (uid === 'twenty') requests = Math.max(requests, drawn.requests);
    }
  }
  const more = median(times.twenty) - median(times.empty);
  const round = (list: readonly number[]) => Math.round(median(list));
  t.diagnostic(
    `20 panels, 30 days: ${round(times.twenty)} ms of a quiet machine, empty ${round(times.empty)} ms; ` +
      `CPU of the page ${round(cpus.twenty)} ms, empty ${round(cpus.empty)} ms; ${requests} requests`,
  );
  assert.equal(await page.locator('[data-testid="data-testid Panel status error"]').count(), 0);
  assert.ok(requests <= 3, `${requests} requests`);
  assert.ok(more < 2_000, `${more.toFixed(0)} ms more`);
  assert.deepEqual(errors, []);
});
