import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkAddress } from './linkAddress.ts';

const SEARCH = '?from=now-7d&to=now&var-shop=demo&var-country=GB&var-country=DE&viewPanel=3';

test('a link takes along the time and the variables that it says, and nothing else', () => {
  assert.equal(linkAddress('/d/sales', {}, SEARCH), '/d/sales');
  assert.equal(linkAddress('/d/sales', { keepTime: true }, SEARCH), '/d/sales?from=now-7d&to=now');
  assert.equal(
    linkAddress('/d/sales', { includeVars: true }, SEARCH),
    '/d/sales?var-shop=demo&var-country=GB&var-country=DE',
  );
});

test('what a link states itself is not overwritten', () => {
  assert.equal(
    linkAddress('/d/products?var-shop=uk', { includeVars: true, keepTime: true }, SEARCH),
    '/d/products?var-shop=uk&from=now-7d&to=now&var-country=GB&var-country=DE',
  );
});
