import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exploreAddress, FIRST_RANGE, nextRefId, readExploreState } from './exploreState.ts';

const query = { refId: 'A', metric: 'orders', filters: [{ values: ['Köln & Umgebung', '"x"', '#1?'] }] };

test('an address of Explore reads back as the state that it was made from', () => {
  const state = { datasource: 'storepulse', queries: [query], range: { from: 'now-7d', to: 'now' } };
  const address = exploreAddress(state);
  assert.deepEqual(readExploreState(address.slice('/explore'.length)), state);
});

test('an older link is read too, as data sources make it', () => {
  const left = JSON.stringify({ datasource: 'storepulse', queries: [query], range: { from: '1', to: '2' } });
  assert.deepEqual(readExploreState(`?left=${encodeURIComponent(left)}`), {
    datasource: 'storepulse',
    queries: [query],
    range: { from: '1', to: '2' },
  });
});

test('an address that was cut off or made up opens Explore with nothing in it', () => {
  for (const search of ['', '?left={', '?left=null', '?panes=[1]', '?panes={"a":7}', '?left={"queries":7}']) {
    assert.deepEqual(readExploreState(search), { queries: [], range: FIRST_RANGE }, search);
  }
});

test('a further query takes the first letter that is free', () => {
  assert.equal(nextRefId([]), 'A');
  assert.equal(nextRefId([{ refId: 'A' }, { refId: 'C' }]), 'B');
  const all = Array.from({ length: 26 }, (_, n) => ({ refId: String.fromCharCode(65 + n) }));
  assert.equal(nextRefId(all), 'A1');
});
