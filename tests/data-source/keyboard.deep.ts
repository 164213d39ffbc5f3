import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { openPreview } from '../browser/open-preview.ts';
import { createTypist, type Typist } from './keyboard.ts';

/** A query of each type, as somebody makes it who has no pointer. */
const MADE: Readonly<
  Record<string, { title: string; shows: string; make: (typist: Typist, page: Page) => Promise<void> }>
> = {
  Metric: {
    title: 'Orders and Gross sales of Demo shop by country',
    shows: 'Germany',
    make: async ({ choose }) => {
      await choose('Metric', 'Orders', /^Orders/);
      await choose('And', 'Gross', /^Gross sales/);
      await choose('Group by', 'Coun', /^Country/);
    },
  },
  Distribution: {
    title: 'Distribution of checkout latency of Demo shop',
    shows: '≤',
    make: async ({ choose }) => choose('Metric', 'checkout', /^Checkout latency/),
  },
  Funnel: {
    title:
      'Funnel visited → viewed → carted → checkout → ordered of Demo shop by device, each step by itself',
    shows: 'Ordered',
    make: async ({ choose, press }, page) => {
      await choose('Group by', 'Dev', /^Device/);
      await press(page.getByRole('switch', { name: /In any order/ }), 'Space');
    },
  },
  Cohort: {
    title: 'Cohorts of Demo shop, over 3 months',
    shows: '',
    make: async ({ write }, page) => {
      await write('Months', '3');
      await page.keyboard.press('Tab');
    },
  },
  Events: {
    title: 'Events of Demo shop, event type is payment_failed',
    shows: 'payment_failed',
    make: async ({ choose, press }, page) => {
      await press(page.getByRole('button', { name: 'Add filter' }));
      await choose('Dimension of filter 1', 'Event', /^Event type/);
      await choose('Values of filter 1', 'payment_failed', /^payment_failed/);
      await page.keyboard.press('Escape');
    },
  },
  Records: {
    title: 'Products found by "mug" of Demo shop',
    shows: 'Blue mug',
    make: async ({ choose, write }, page) => {
      await choose('Records', 'Prod', /^Products/);
      await write('Search', 'mug');
      await page.keyboard.press('Tab');
    },
  },
};

test('a query of each type is made, saved and asked again by the keyboard alone', async (t) => {
  const { page, visit, panel, errors } = await openPreview(t);
  const typist = createTypist(page);
  for (const [type, { title, shows, make }] of Object.entries(MADE)) {
    await t.test(type, async () => {
      await visit('/explore');
      await page.getByText('Net sales: Gross sales − discounts − returns').waitFor();
      if (type !== 'Metric') await typist.choose('Query type', type, new RegExp(`^${type}`));
      await typist.choose('Shop', 'Demo', /^Demo shop/);
      await make(typist, page);
      await panel(title).getByText(shows).first().waitFor();

      await typist.press(page.getByRole('button', { name: 'Save query' }));
      await typist.write('Name', `My ${type}`);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });

      await visit('/explore');
      await typist.press(page.getByRole('button', { name: 'History and saved' }));
      await typist.press(page.getByRole('tab', { name: 'Saved' }));
      await typist.press(page.getByRole('button', { name: new RegExp(`^My ${type}`) }));
      await panel(title).getByText(shows).first().waitFor();
    });
  }
  assert.deepEqual(errors, []);
});

test('the text of a query is reached and left by the keyboard alone', async (t) => {
  const { page, visit, panel, errors } = await openPreview(t);
  const typist = createTypist(page);
  await visit('/explore');
  await page.getByText('Net sales: Gross sales − discounts − returns').waitFor();
  await typist.press(page.getByRole('radio', { name: 'Builder' }), 'ArrowRight');
  await typist.goTo(page.getByRole('textbox', { name: 'Query as text' }));
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('orders of demo by cou');
  await page.getByRole('option', { name: /^country/ }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type(' every 1h ');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await panel('Orders of Demo shop by country, per 1h').getByText('Germany').waitFor();
  await typist.press(page.getByRole('button', { name: 'Save query' }));
  await page.getByRole('textbox', { name: 'Name' }).waitFor();
  assert.deepEqual(errors, []);
});
