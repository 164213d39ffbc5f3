import { type DataQueryRequest, LoadingState } from '@grafana/data';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import type { DataSource } from './datasource';
import { aQuery, aRequest, aResult } from './testing/fixtures';
import { aDataSource, failure } from './testing/services';
import type { StorepulseQuery, StorepulseVariableQuery } from './types';
import { createVariableSupport } from './variables/variableSupport';

const answered = () => ({ results: { A: aResult(), B: aResult() } });
const ask = (datasource: DataSource, request: DataQueryRequest<StorepulseQuery>) =>
  lastValueFrom(datasource.query(request));

test('all queries of a panel go out in one request', async () => {
  const { datasource, sent } = aDataSource({ answer: answered });
  const request = aRequest([aQuery(), aQuery({ refId: 'B', metric: 'orders' })], { maxDataPoints: 500.4 });
  const { data, state } = await ask(datasource, request);
  expect(sent.map(({ method, url, data: body }) => ({ method, url, body }))).toEqual([
    {
      method: 'POST',
      url: '/proxy/api/v1/query',
      body: {
        range: { from: 1_000, to: 61_000 },
        maxDataPoints: 500,
        queries: [
          { refId: 'A', shop: 'demo', metric: 'net_sales' },
          { refId: 'B', shop: 'demo', metric: 'orders' },
        ],
      },
    },
  ]);
  expect(data).toHaveLength(2);
  expect(state).toBe(LoadingState.Done);
});

test('hidden queries and queries without a metric are not sent', async () => {
  const { datasource, sent } = aDataSource();
  const targets = [aQuery({ hide: true }), { refId: 'B' }];
  expect(await ask(datasource, aRequest(targets))).toEqual({ data: [] });
  expect(sent).toEqual([]);
});

test('two panels with the same queries at the same time ask once', async () => {
  const { datasource, sent } = aDataSource({ answer: answered });
  await Promise.all([ask(datasource, aRequest([aQuery()])), ask(datasource, aRequest([aQuery()]))]);
  expect(sent).toHaveLength(1);
});

test('a query that fails leaves the other ones of its panel alone', async () => {
  const error = { code: 'unknown_metric', title: 'No such metric', detail: '"x" is no metric' };
  const { datasource } = aDataSource({
    answer: () => ({ results: { A: aResult(), B: aResult({ frames: [], error }) } }),
  });
  const { data, errors, state } = await ask(
    datasource,
    aRequest([aQuery(), aQuery({ refId: 'B', metric: 'x' })]),
  );
  expect(data).toHaveLength(1);
  expect(errors).toEqual([{ refId: 'B', message: 'No such metric: "x" is no metric' }]);
  expect(state).toBe(LoadingState.Error);
});

test('a query that can’t be sent is reported, the other ones are sent', async () => {
  const { datasource, sent } = aDataSource({ answer: answered });
  const request = aRequest([aQuery(), aQuery({ refId: 'B', shop: undefined })]);
  const { data, errors } = await ask(datasource, request);
  expect(sent).toHaveLength(1);
  expect(data).toHaveLength(1);
  expect(errors).toEqual([{ refId: 'B', message: expect.stringContaining('No shop is chosen') }]);
});

test('an unreachable exporter is reported for each query', async () => {
  const { datasource } = aDataSource({ answer: () => failure(502, '') });
  const { data, errors, state } = await ask(datasource, aRequest([aQuery(), aQuery({ refId: 'B' })]));
  expect(data).toEqual([]);
  expect(errors?.map(({ refId }) => refId)).toEqual(['A', 'B']);
  expect(errors?.[0]?.message).toContain('can’t be reached');
  expect(state).toBe(LoadingState.Error);
});

test('a query that the exporter forgot is reported', async () => {
  const { datasource } = aDataSource({ answer: () => ({ results: {} }) });
  const { errors } = await ask(datasource, aRequest([aQuery()]));
  expect(errors).toEqual([{ refId: 'A', message: 'The exporter did not answer query A.' }]);
});

test('ad hoc filters of the dashboard reach the queries they fit, with a notice on the others', async () => {
  const { datasource, sent } = aDataSource({ answer: answered });
  const filters = [{ key: 'device', operator: '=', value: 'mobile' }];
  const request = aRequest([aQuery(), aQuery({ refId: 'B', metric: 'customers' })], { filters });
  const { data } = await ask(datasource, request);
  expect(sent.at(-1)?.data.queries).toEqual([
    {
      refId: 'A',
      shop: 'demo',
      metric: 'net_sales',
      filters: [{ dimension: 'device', operator: 'in', values: ['mobile'] }],
    },
    { refId: 'B', shop: 'demo', metric: 'customers' },
  ]);
  expect(data.map(({ meta }) => meta.notices.length)).toEqual([0, 1]);
});

test('dashboard variables are replaced in what is sent and in what Explore is handed', async () => {
  const { datasource, sent } = aDataSource({ answer: answered, variables: { shop: 'uk-retail' } });
  await ask(datasource, aRequest([aQuery({ shop: '$shop' })]));
  expect(sent[0]?.data.queries[0].shop).toBe('uk-retail');
  expect(datasource.interpolateVariablesInQueries([aQuery({ shop: '$shop' })], {})).toEqual([
    aQuery({ shop: 'uk-retail', datasource: datasource.getRef() }),
  ]);
});

test('values for ad hoc filters come from the dashboard’s shop', async () => {
  const { datasource, sent } = aDataSource({
    answer: () => ({ values: ['mobile'] }),
    variables: { shop: 'uk-retail' },
  });
  const values = await datasource.getTagValues({ key: 'device', queries: [aQuery({ shop: '$shop' })] });
  expect(values).toEqual([{ text: 'mobile' }]);
  expect(sent[0]?.url).toContain('/dimensions/device/values?shop=uk-retail');
});

test('a variable lists the shops by name', async () => {
  const { datasource } = aDataSource();
  const targets: StorepulseVariableQuery[] = [{ refId: 'shops', kind: 'shops' }];
  const { data } = await firstValueFrom(
    createVariableSupport(datasource).query({ ...aRequest([]), targets }),
  );
  expect(data).toEqual([
    { text: 'Demo shop', value: 'demo' },
    { text: 'UK retail', value: 'uk-retail' },
  ]);
});

test('a new query asks for something, so that Explore runs it', () => {
  const { datasource } = aDataSource();
  expect(datasource.filterQuery({ refId: 'A', ...datasource.getDefaultQuery('explore' as never) })).toBe(
    true,
  );
});
