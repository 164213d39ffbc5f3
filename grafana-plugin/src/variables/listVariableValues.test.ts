import { readVariables } from '../query/readVariables';
import { ALL, aDataSource, fakeTemplateSrv } from '../testing/services';
import type { StorepulseVariableQuery } from '../types';
import { listVariableValues } from './listVariableValues';

const values = { refId: 'A', kind: 'values' as const, dimension: 'country' };

function list(
  query: StorepulseVariableQuery,
  {
    defaultShop,
    variables = {},
  }: { defaultShop?: string; variables?: Record<string, string | string[]> } = {},
) {
  const { datasource, sent } = aDataSource({ answer: () => ({ values: ['France'], total: 1 }) });
  const options = listVariableValues(query, {
    api: datasource.api,
    defaultShop,
    readText: readVariables(fakeTemplateSrv(variables), {}),
    range: { from: 1_000, to: 2_000 },
  });
  return { options, sent };
}

test('values of a dimension come from the chosen shop, in the dashboard’s range', async () => {
  const { options, sent } = list({ ...values, shop: 'demo' }, { defaultShop: 'uk-retail' });
  expect(await options).toEqual([{ text: 'France', value: 'France' }]);
  expect(sent[0]?.url).toMatch(/shop=demo&limit=10000&from=1000&to=2000$/);
});

test('without a chosen shop they come from the default one', async () => {
  const { options, sent } = list(values, { defaultShop: 'uk-retail' });
  await options;
  expect(sent[0]?.url).toContain('shop=uk-retail');
});

test('without any shop there is nothing to list', async () => {
  const { options, sent } = list(values);
  expect(await options).toEqual([]);
  expect(sent).toEqual([]);
});

test('several shops give the values of each, and a shop without a value is said', async () => {
  const query = { ...values, shop: '$shop' };
  const { options, sent } = list(query, { variables: { shop: ['demo', 'uk-retail'] } });
  expect(await options).toHaveLength(1);
  expect(sent).toHaveLength(2);
  for (const shop of ['', ALL]) {
    await expect(list(query, { variables: { shop } }).options).rejects.toThrow(/Choose a shop/);
  }
});

test('what is typed into the menu is searched for on the server; untyped, everything is listed', async () => {
  const query = { ...values, shop: 'demo', contains: '$__searchFilter' };
  const typed = list(query, { variables: { __searchFilter: 'ran' } });
  await typed.options;
  expect(typed.sent[0]?.url).toContain('contains=ran');
  const untyped = list(query, { variables: { __searchFilter: '' } });
  await untyped.options;
  expect(untyped.sent[0]?.url).not.toContain('contains');
});

test('a variable stored without a kind lists the shops', async () => {
  const { options } = list('' as never);
  expect((await options).map(({ value }) => value)).toEqual(['demo', 'uk-retail']);
});
