import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { policyOf } from '@storepulse/http/testing/access';
import type { Status } from '@storepulse/simulator/http/schemas';
import { createControlServer } from '@storepulse/simulator/http/server';
import type { LoadProfile } from '@storepulse/simulator/load/profile';
import { systemClock } from '@storepulse/simulator/run/clock';
import { createMetrics } from '@storepulse/simulator/run/metrics';
import { createSimulator } from '@storepulse/simulator/run/simulator';
import { pino } from 'pino';
import { until } from '../support/until.ts';
import { openBrowser } from './open-browser.ts';
import { seriousFindings } from './serious-findings.ts';

const LAPTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const KEY = 'a-key-of-some-length';

/** A simulator at work, whose events nobody keeps, with its page in a browser. */
async function openPage(t: TestContext, apiKey?: string) {
  const metrics = createMetrics();
  const simulator = createSimulator({
    sink: { send: async () => {} },
    clock: systemClock,
    onEmission: metrics.countEmission,
  });
  await simulator.start({
    seed: 'one',
    shops: [{ shop: 'demo-shop', market: 'gb' }],
    origin: Date.now(),
    profile: { profile: 'constant-arrival-rate', rate: 50 },
    timeline: [],
  });
  t.after(() => simulator.end());
  const app = await createControlServer({
    simulator,
    registry: metrics.registry,
    logger: pino({ level: 'silent' }),
    now: systemClock.now,
    ...(apiKey ? { policy: policyOf({ keys: [{ name: 'key', key: apiKey }], scope: 'control' }) } : {}),
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  t.after(() => app.close());
  const { page, errors } = await openBrowser(t, LAPTOP);
  await page.goto(address);
  /** Returns once the interface says so of the run. */
  const hold = (wanted: Partial<Status>) =>
    until(
      `the run has ${JSON.stringify(wanted)}`,
      async () => (await (await fetch(`${address}/v1/status`)).json()) as Status,
      (status) => isDeepStrictEqual({ ...status, ...wanted }, status),
      30_000,
    );
  return { page, errors, hold };
}

test('rate, pause, scenario and faults are steered by the page, and recorded', async (t) => {
  const { page, errors, hold } = await openPage(t);
  const timeline = page.getByRole('list', { name: 'Recorded timeline' });

  await page.getByRole('spinbutton', { name: 'Events per second, from now on' }).fill('120');
  await page.getByText('npm run sim -- rate 120', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Set the rate' }).click();
  await timeline.getByText('npm run sim -- rate 120').waitFor();
  await hold({ requestedRate: 120 });
  await page.getByText('120 events/s').first().waitFor();

  await page.getByRole('button', { name: 'Begin: Payment outage' }).click();
  await page.getByRole('button', { name: 'End: Payment outage' }).waitFor();
  await hold({ scenarios: ['payment-outage'] });
  await page.getByRole('button', { name: 'End: Payment outage' }).click();
  await timeline.getByText('npm run sim -- scenario payment-outage --end').waitFor();
  await hold({ scenarios: [] });

  await page.getByRole('spinbutton', { name: 'duplicate' }).fill('2');
  await page.getByRole('button', { name: 'Set the faults' }).click();
  await timeline.getByText('npm run sim -- faults --duplicate 0.02').waitFor();
  await hold({ faults: { duplicate: 0.02 } });

  await page.getByRole('combobox', { name: 'How the rate goes' }).selectOption('spike');
  await page.getByLabel('Peak, arrivals per second').fill('300');
  await page.getByLabel('Way up and way down, such as 10s').fill('10s');
  await page.getByLabel('Peak lasts, such as 1m').fill('1m');
  await page.getByRole('button', { name: 'Set the profile' }).click();
  await timeline
    .getByText('npm run sim -- profile spike --rate 120 --peak 300 --ramp 10s --hold 1m')
    .waitFor();
  const profile: LoadProfile = { profile: 'spike', rate: 120, peak: 300, ramp: '10s', hold: '1m' };
  await hold({ profile });

  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('status').getByText('paused').waitFor();
  await hold({ state: 'paused' });
  assert.deepEqual(errors, []);
});

test('the keyboard does all of it, and what is being filled in is not overwritten', async (t) => {
  const { page, errors, hold } = await openPage(t);
  const rate = page.getByRole('spinbutton', { name: 'Events per second, from now on' });
  await rate.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('75');
  // Two more looks at the simulator, which still goes at 50.
  for (let looks = 0; looks < 2; looks++) await page.waitForResponse(/\/v1\/status$/);
  assert.equal(await rate.inputValue(), '75');
  await page.keyboard.press('Enter');
  await page.getByRole('list', { name: 'Recorded timeline' }).getByText('rate 75').waitFor();
  await hold({ requestedRate: 75 });
  assert.deepEqual(errors, []);
});

test('what the simulator refuses is told, and stays to be read', async (t) => {
  const { page, hold } = await openPage(t);
  await page.getByRole('spinbutton', { name: 'duplicate' }).fill('60');
  await page.getByRole('spinbutton', { name: 'drop' }).fill('60');
  await page.getByRole('button', { name: 'Set the faults' }).click();
  const told = page.getByRole('alert').getByText('The shares add up to more than 1');
  await told.waitFor();
  await page.waitForResponse(/\/v1\/status$/);
  await page.waitForResponse(/\/v1\/status$/);
  assert.ok(await told.isVisible());
  await hold({ faults: {} });
});

test('a page of a simulator with a key asks for it, and works with it', async (t) => {
  const { page } = await openPage(t, KEY);
  const field = page.getByLabel('Key', { exact: true });
  await field.fill('something else');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('alert').getByText('This is not its key.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Pause' }).count(), 0);
  assert.deepEqual(await seriousFindings(page), []);
  await field.fill(KEY);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('status').getByText('paused').waitFor();
});

test('the page is usable for all, on a laptop and a phone, in light and dark', async (t) => {
  const { page, errors } = await openPage(t);
  await page.getByRole('button', { name: 'Begin: Flash sale' }).click();
  await page.getByRole('list', { name: 'Recorded timeline' }).getByText('flash-sale').waitFor();
  for (const viewport of [LAPTOP, PHONE]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await seriousFindings(page), [], `${viewport.width} ${colorScheme}`);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      assert.equal(width, viewport.width, 'nothing is wider than the screen');
    }
  }
  assert.deepEqual(errors, []);
});
