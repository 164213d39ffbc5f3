import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askAlone } from './ask-alone.ts';
import { UnusableQueryError } from './checks.ts';
import type { StorepulseQuery } from './stored-query.ts';

const query = (changes: Partial<StorepulseQuery> = {}): StorepulseQuery => ({
  ...{ refId: 'A', version: 1, shop: 'demo', metric: 'orders', interval: '1h' },
  ...changes,
});
const ask = (changes: Partial<StorepulseQuery>, intervalMs?: number, defaultShop?: string) =>
  askAlone(query(changes), { defaultShop, intervalMs });
const refuses = (changes: Partial<StorepulseQuery>, says: RegExp) =>
  assert.throws(
    () => ask(changes),
    (error: Error) => {
      assert.ok(error instanceof UnusableQueryError);
      assert.match(error.message, says);
      return true;
    },
  );

test('a stored query of any release is asked as a panel asks it', () => {
  assert.deepEqual(ask({}).asked, { shop: 'demo', metric: 'orders', interval: '1h' });
  const old = { refId: 'A', shop: '', metric: 'orders', groupBy: '', limit: 0 };
  assert.deepEqual(askAlone(old, { defaultShop: 'uk-retail' }).asked, {
    ...{ shop: 'uk-retail', metric: 'orders' },
  });
});

test('alert queries carry no raw variable: each part with one is named', () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Grafana's own form of a variable
  refuses({ shop: '$shop' }, /^The shop is "\$shop", and variables have no value outside of a dashboard/);
  refuses({ metric: '${metric:csv}' }, /^The metric is/);
  refuses({ furtherMetrics: ['net_sales', '$more'] }, /^The furtherMetrics is "\$more"/);
  refuses({ groupBy: '[[by]]' }, /^The groupBy is/);
  refuses({ queryType: 'funnel', steps: ['visited', '$steps'] }, /^The steps is/);
  refuses({ filters: [{ dimension: '$by', operator: 'in', values: ['x'] }] }, /^The filters is "\$by"/);
  refuses(
    { filters: [{ dimension: 'country', operator: 'in', values: ['France', '$country'] }] },
    /^The filter on country is "\$country"/,
  );
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: Grafana's own form of a variable
  // What means nothing in a query of this type can't be wrong in it.
  assert.doesNotThrow(() => ask({ search: '$search' }));
});

test('several metrics are asked at once', () => {
  assert.deepEqual(ask({ furtherMetrics: ['net_sales', 'orders'], groupBy: 'country' }).asked, {
    ...{
      shop: 'demo',
      metric: ['orders', 'net_sales'],
      groupBy: 'country',
      groupsOf: 'first',
      interval: '1h',
    },
  });
});

test('$__interval is what Grafana’s server says, the next wider bucket; without it there is none', () => {
  for (const interval of ['$__interval', '$__interval_ms']) {
    assert.deepEqual(ask({ interval }, 90_000).asked, { shop: 'demo', metric: 'orders', interval: '5m' });
    refuses({ interval }, /^The interval is/);
  }
});

test('events and records are refused with what to choose', () => {
  refuses({ queryType: 'events' }, /^Events are lists for people.*Choose a metric/);
  refuses({ queryType: 'records' }, /^Records are lists/);
  refuses({ queryType: 'forecast' }, /no query type "forecast"/);
  refuses({ metric: '' }, /No metric is chosen/);
});
