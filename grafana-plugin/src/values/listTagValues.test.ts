import { dateTime } from '@grafana/data';
import { aQuery } from '../testing/fixtures';
import { aDataSource } from '../testing/services';
import { listTagValues } from './listTagValues';

const timeRange = { from: dateTime(1_000), to: dateTime(61_000), raw: { from: 'now-1m', to: 'now' } };

function ask(
  options: Parameters<typeof listTagValues>[0],
  {
    queries = [aQuery()],
    defaultShop,
  }: { queries?: Array<ReturnType<typeof aQuery>>; defaultShop?: string } = {},
) {
  const { datasource, sent } = aDataSource({
    answer: ({ url }) => ({
      values: url.includes('shop=demo') ? ['France', 'Spain'] : ['Spain', 'Wales'],
      total: 2,
    }),
  });
  const values = listTagValues(options, queries, datasource.api, defaultShop);
  const search = () => sent.map(({ url }) => new URLSearchParams(url.split('?')[1]));
  return { values, search };
}

test('values are those of the dashboard’s range, under its other filters on the same dimension', async () => {
  const filters = [
    { key: 'country', operator: '!=', value: 'France' },
    { key: 'device', operator: '=', value: 'mobile' },
  ];
  const { values, search } = ask({ key: 'country', timeRange, filters });
  await values;
  expect(Object.fromEntries(search()[0]!)).toEqual({
    ...{ shop: 'demo', limit: '1000', from: '1000', to: '61000' },
    filters: '[{"dimension":"country","operator":"not_in","values":["France"]}]',
  });
});

test('a dashboard of several shops offers the values of all', async () => {
  const queries = [aQuery(), aQuery({ shop: 'uk-retail' }), aQuery()];
  const { values, search } = ask({ key: 'country' }, { queries });
  expect((await values).map(({ value }) => value)).toEqual(['France', 'Spain', 'Wales']);
  expect(search()).toHaveLength(2);
});

test('without queries they are those of the default shop; without one it is said what to do', async () => {
  const { values } = ask({ key: 'country' }, { queries: [], defaultShop: 'uk-retail' });
  expect(await values).toContainEqual({ text: 'Wales', value: 'Wales' });
  await expect(ask({ key: 'country' }, { queries: [] }).values).rejects.toThrow(/Choose a default shop/);
});
