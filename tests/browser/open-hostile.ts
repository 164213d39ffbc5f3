import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Locator } from 'playwright-core';
import { HOSTILE_NAMES, hostileShop } from './hostile-shop.ts';
import { type OpenPreview, openPreview } from './open-preview.ts';
import { watchScripts } from './watch-scripts.ts';

const SECRET = 'sp_only-servers-may-know-this-one';
const datasource = { type: 'storepulse-commerce-datasource', uid: 'storepulse' };
const panel = (id: number, type: string, title: string, h: number, query: object, more: object = {}) => ({
  ...{ id, type, title, datasource, gridPos: { x: 0, y: 100 * id, w: 24, h } },
  targets: [{ refId: 'A', datasource, shop: 'demo', ...query }],
  ...more,
});
const rows = { options: { reduceOptions: { limit: 100, values: true, calcs: ['lastNotNull'], fields: '' } } };
const gross = { metric: 'gross_sales', format: 'table' };

/** Every kind of panel, each with the hostile names in it. */
const HOSTILE = {
  uid: 'hostile',
  title: 'Hostile',
  schemaVersion: 41,
  time: { from: 'now-1h', to: 'now' },
  annotations: {
    list: [
      {
        ...{ name: 'What happened', enable: true, iconColor: 'orange', datasource },
        target: { refId: 'Anno', queryType: 'annotations', shop: 'demo' },
      },
    ],
  },
  links: [{ title: 'Of $country', type: 'link', url: '/d/sales', keepTime: true, includeVars: true }],
  templating: {
    list: [
      { type: 'query', name: 'shop', label: 'Shop', datasource, query: { refId: 'shops', kind: 'shops' } },
      {
        ...{ type: 'query', name: 'country', label: 'Country', multi: true, includeAll: true, datasource },
        query: { refId: 'values', kind: 'values', dimension: 'country', shop: 'demo' },
      },
      { type: 'adhoc', name: 'filters', label: 'Filters', datasource },
    ],
  },
  panels: [
    panel(1, 'table', 'Products', 40, { ...gross, groupBy: 'sku' }),
    panel(
      2,
      'timeseries',
      'Lines',
      20,
      { ...gross, format: 'time_series', groupBy: 'country', interval: '1m' },
      {
        options: {
          legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
          tooltip: { mode: 'multi', sort: 'none' },
        },
      },
    ),
    panel(3, 'bargauge', 'Bars', 40, { ...gross, groupBy: 'country' }, rows),
    panel(4, 'table', 'Orders', 40, { queryType: 'records', records: 'orders' }),
    panel(5, 'logs', 'Log', 40, { queryType: 'events' }),
    panel(
      6,
      'text',
      'Words',
      10,
      {},
      { options: { mode: 'markdown', content: '**$country** <b>$country</b>' } },
    ),
    panel(
      7,
      'stat',
      'Of $country',
      4,
      { ...gross, filters: [{ dimension: 'country', operator: 'in', values: ['$country'] }] },
      {
        ...rows,
        repeat: 'country',
        maxPerRow: 4,
        links: [{ title: '$country', url: '/d/sales?var-x=$country' }],
      },
    ),
  ],
};

/** Text as a reader sees it: the characters, whatever white space became. */
const plain = (text: string | null) => (text ?? '').replaceAll(/\s+/g, ' ');

/** A name as a log line has it, in quotes where it would be taken for several. */
export const inQuotes = (name: string) => JSON.stringify(name).slice(1, -1);

/** Each name stands there, letter by letter: neither run, nor filled in, nor lost. */
async function namesSeen(where: Locator, what: string, names: readonly string[]): Promise<number> {
  await where.first().waitFor();
  const text = plain((await where.allTextContents()).join(' '));
  assert.deepEqual(
    names.filter((name) => !text.includes(plain(name))),
    [],
    `missing in ${what}: ${text.slice(0, 3_000)}`,
  );
  return names.length;
}

/** The preview of a shop in which everything has a hostile name, and what must hold of it. */
export interface HostilePreview extends OpenPreview {
  /** Names that were seen as texts so far. */
  readonly sightings: number;
  /** Each name stands there, letter by letter: neither run, nor filled in, nor lost. @param what the place, for the failure */
  seen(where: Locator, what: string, names?: readonly string[]): Promise<void>;
  /** Nothing has run and no name has become an element. @param what the place, for the failure */
  check(what: string): Promise<void>;
  /** No secret has come to the browser, and it has reported no error. */
  end(): void;
}

/** Opens it, watched from its begin on. */
export async function openHostile(t: TestContext): Promise<HostilePreview> {
  const opened = await openPreview(t, [HOSTILE], { store: hostileShop(), apiKey: SECRET });
  const watched = await watchScripts(opened.page, () => opened.address, SECRET);
  let sightings = 0;
  return {
    ...opened,
    get sightings() {
      return sightings;
    },
    seen: async (where, what, names = HOSTILE_NAMES) => {
      sightings += await namesSeen(where, what, names);
    },
    check: async (what) => {
      assert.deepEqual(watched.happened, [], what);
      assert.deepEqual(await watched.look(), [], what);
    },
    end: () => {
      assert.deepEqual(watched.leaked, []);
      assert.deepEqual(opened.errors, []);
    },
  };
}
