import { ask, asked } from '../testing/asking';
import { aQuery, aRequest, aResult } from '../testing/fixtures';
import { aDataSource } from '../testing/services';

test('a new dashboard begins with a choice of the shop, which this data source lists, and filters', async () => {
  const { datasource } = aDataSource();
  const variables = await datasource.getDefaultVariables();
  expect(variables.map(({ kind, spec }) => [kind, spec.name])).toEqual([
    ['QueryVariable', 'shop'],
    ['AdhocVariable', 'filters'],
  ]);
  expect(variables[0]).toMatchObject({
    spec: {
      query: {
        ...{ group: 'storepulse-commerce-datasource', datasource: { name: 'storepulse' } },
        spec: { kind: 'shops' },
      },
    },
  });
});

test('what a dashboard groups by reaches every query that can be split so', async () => {
  const answer = () => ({ results: { 0: aResult(), 1: aResult() } });
  const { datasource, sent } = aDataSource({ answer });
  const queries = [aQuery(), aQuery({ refId: 'B', metric: 'customers' })];
  await ask(datasource, aRequest(queries, { groupByKeys: ['device'] }));
  expect(asked(sent)).toEqual([
    { shop: 'demo', metric: 'net_sales', groupBy: 'device' },
    { shop: 'demo', metric: 'customers' },
  ]);
  const { data } = (await datasource.getGroupByKeys({ queries })) as { data: Array<{ value: string }> };
  expect(data.map(({ value }) => value)).toEqual(['country', 'device']);
});
