import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '@storepulse/local/paths';
import type { Page } from 'playwright-core';
import { openPreview } from '../browser/open-preview.ts';
import { ownFindings } from '../browser/serious-findings.ts';

/** A laptop, a wall and a phone. */
const WIDTHS = [1280, 1920, 390] as const;
const DASHBOARDS = join(ROOT, 'provisioning/grafana/dashboards');
const HEIGHT = 1_200;

const pane = (query: object) =>
  `/explore?schemaVersion=1&panes=${encodeURIComponent(
    JSON.stringify({
      a: {
        datasource: 'storepulse',
        queries: [{ refId: 'A', ...query }],
        range: { from: 'now-1h', to: 'now' },
      },
    }),
  )}`;
const demo = { version: 1, shop: 'demo' };

/** Every page, and what is there once it has something to show. */
const PAGES: Readonly<Record<string, readonly [path: string, shown: (page: Page) => Promise<void>]>> = {
  'the list of dashboards': [
    '/dashboards',
    (page) => page.getByRole('link', { name: 'Operations' }).first().waitFor(),
  ],
  ...Object.fromEntries(
    readdirSync(DASHBOARDS)
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(DASHBOARDS, name), 'utf8')) as { uid: string })
      // Those of Prometheus are opened by `npm run test:dashboards`, with one.
      .filter((dashboard) => !JSON.stringify(dashboard).includes('"type":"prometheus"'))
      .map(({ uid }) => [
        `the dashboard ${uid}`,
        [`/d/${uid}?var-shop=demo&from=now-1h&to=now`, panelsShown],
      ]),
  ),
  'one panel': ['/d/sales?var-shop=demo&from=now-1h&to=now&viewPanel=panel-2', panelsShown],
  'kiosk mode': ['/d/sales?var-shop=demo&from=now-1h&to=now&kiosk', panelsShown],
  'a panel being edited': ['/d/sales?var-shop=demo&from=now-1h&to=now&editPanel=2', editorShown],
  ...Object.fromEntries(
    ['data', 'query', 'stats', 'json'].map((tab) => [
      `a panel’s ${tab}`,
      [
        `/d/sales?var-shop=demo&from=now-1h&to=now&inspect=1&inspectTab=${tab}`,
        (page: Page) =>
          page
            .getByRole('dialog')
            .getByText(tab === 'data' ? '12.50' : /./)
            .first()
            .waitFor(),
      ],
    ]),
  ),
  'the editor and the settings': ['/editor', editorShown],
  'Explore of a metric': [pane({ ...demo, metric: 'orders', groupBy: 'country' }), editorShown],
  'Explore of a funnel': [
    pane({ ...demo, queryType: 'funnel', steps: ['visited', 'viewed', 'ordered'] }),
    editorShown,
  ],
  'Explore of cohorts': [pane({ ...demo, queryType: 'cohort' }), editorShown],
  'Explore of a distribution': [
    pane({ ...demo, queryType: 'distribution', metric: 'checkout_latency' }),
    editorShown,
  ],
  'Explore of events': [
    pane({ ...demo, queryType: 'events' }),
    (page) => page.getByRole('listitem').first().waitFor(),
  ],
  'Explore of records': [pane({ ...demo, queryType: 'records', records: 'orders' }), editorShown],
  'a query as text': [pane({ ...demo, metric: 'orders', editorMode: 'code' }), codeShown],
  'a page that is not there': [
    '/d/no-such-dashboard',
    (page) => page.getByRole('main').getByText('Could not load').waitFor(),
  ],
};

async function panelsShown(page: Page): Promise<void> {
  await page.locator('[data-testid^="data-testid Panel header"]').first().waitFor();
  await page.locator('[aria-label="Panel loading bar"]').first().waitFor({ state: 'detached' });
}

async function editorShown(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Query type' }).first().waitFor();
  await panelsShown(page);
}

async function codeShown(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Query as text' }).waitFor();
  await panelsShown(page);
}

/** Controls that stand beyond the edge of the page, where nobody can scroll to them, and the page itself where it scrolls. */
function beyondTheEdge(page: Page): Promise<string[]> {
  return page.locator('html').evaluate((html) => {
    const { ownerDocument } = html;
    const width = html.clientWidth;
    const scrolls = html.scrollWidth > width + 1 ? [`the page scrolls: ${html.scrollWidth} of ${width}`] : [];
    const canScroll = (element: typeof html.parentElement): boolean =>
      element !== null &&
      (/auto|scroll/.test(ownerDocument.defaultView!.getComputedStyle(element).overflowX) ||
        canScroll(element.parentElement));
    const cut = [
      ...ownerDocument.querySelectorAll('main button, main a, main input, header button, header a'),
    ]
      .filter((control) => {
        const { left, right, width: wide } = control.getBoundingClientRect();
        return wide > 0 && (right > width + 1 || left < -1) && !canScroll(control.parentElement);
      })
      .map((control) => `beyond the edge: ${control.outerHTML.slice(0, 200)}`);
    return [...scrolls, ...cut];
  });
}

for (const width of WIDTHS)
  test(`every page fits ${width} px, and axe finds nothing serious of our own`, async (t) => {
    const { page, visit, errors } = await openPreview(t);
    await page.setViewportSize({ width, height: HEIGHT });
    for (const [what, [path, shown]] of Object.entries(PAGES)) {
      await t.test(what, async () => {
        errors.length = 0;
        await visit(path);
        await shown(page);
        assert.deepEqual(await beyondTheEdge(page), []);
        assert.deepEqual(await ownFindings(page), []);
        if (path !== '/d/no-such-dashboard') assert.deepEqual(errors, []);
      });
    }
  });
