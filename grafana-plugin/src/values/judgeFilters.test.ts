import { readVariables } from '../query/readVariables';
import { aCatalog, aQuery } from '../testing/fixtures';
import { fakeTemplateSrv } from '../testing/services';
import type { StorepulseQuery } from '../types';
import { judgeFilters } from './judgeFilters';

const filters = [
  { key: 'device', operator: '=', value: 'mobile' },
  { key: 'country', operator: '=', value: 'Spain' },
];
const judge = (...queries: StorepulseQuery[]) =>
  judgeFilters(filters, queries, {
    readText: readVariables(fakeTemplateSrv(), {}),
    adHocFilters: filters,
    catalog: aCatalog(),
    defaultShop: 'demo',
  });

test('a filter that does nothing to a panel says why', () => {
  expect(judge(aQuery({ groupBy: 'country' }))).toEqual([
    {
      key: 'device',
      applicable: false,
      reason: 'Not applied: this query is split by country, and figures are kept by one dimension at a time.',
    },
    { key: 'country', applicable: true },
  ]);
});

test('a filter that does something to one query of several is applied', () => {
  const [device] = judge(aQuery({ groupBy: 'country' }), aQuery({ groupBy: 'device' }));
  expect(device).toEqual({ key: 'device', applicable: true });
});

test('without queries nothing is known against a filter', () => {
  expect(judge().map(({ applicable }) => applicable)).toEqual([true, true]);
});
