import { LoadingState } from '@grafana/data';
import { firstValueFrom } from 'rxjs';
import { DataSource } from './datasource';
import { answered, ask, asked, noticesOf, posts } from './testing/asking';
import { aFrame, aQuery, aRequest, aResult, someSettings } from './testing/fixtures';
import { ALL, aDataSource, failure, fakeBackend, fakeTemplateSrv } from './testing/services';
import type { StorepulseVariableQuery } from './types';
import { createVariableSupport } from './variables/variableSupport';

const range = { from: 1_000, to: 61_000 };
test('all queries of a panel go out in one request', async () => {
  const { datasource, sent } = aDataSource({ answer: answered });
  const request = aRequest([aQuery(), aQuery({ refId: 'B', metric: 'orders' })], { maxDataPoints: 500.4 });
  const { data, state } = await ask(datasource, request);
  expect(posts(sent).map(({ url, data: body }) => ({ url, body }))).toEqual([
    {
      url: '/proxy/api/v1/query',
      body: {
        range,
        queries: [
          { refId: '0', shop: 'demo', metric: 'net_sales', range, maxDataPoints: 500 },
          { refId: '1', shop: 'demo', metric: 'orders', range, maxDataPoints: 500 },
        ],
      },
    },
  ]);
  expect(data.map(({ refId }) => refId)).toEqual(['A', 'B']);
  expect(state).toBe(LoadingState.Done);
});

test('a dashboard of eighteen panels sends two requests: the catalogue, and all queries', async () => {
  const { datasource, sent } = aDataSource({ answer: answered });
  const panel = (n: number) =>
    ask(
      datasource,
      aRequest([aQuery({ groupBy: 'country', limit: n + 1 })], { maxDataPoints: 100 * (n + 1) }),
    );
  const panels = Array.from({ length: 18 }, (_, n) => n);
  await Promise.all(panels.map(panel));
  expect(sent).toHaveLength(2);
  await Promise.all(panels.map(panel));
  expect(sent).toHaveLength(3);
});

test('in a graph the bucket that is still filling is dashed; a figure keeps it', async () => {
  const custom = { incompleteFrom: 60_000 };
  const frame = aFrame({ meta: { type: 'timeseries-wide', typeVersion: [0, 1], custom } });
  const { datasource } = aDataSource({ answer: () => ({ results: { 0: aResult({ frames: [frame] }) } }) });
  const shown = async (more: object) => {
    const { data } = await ask(datasource, aRequest([aQuery()], more));
    return data.map(({ fields }) => fields[1].values);
  };
  expect(await shown({ panelPluginId: 'timeseries' })).toEqual([
    [1.5, null],
    [1.5, 2.25],
  ]);
  expect(await shown({ app: 'explore' })).toHaveLength(2);
  expect(await shown({ panelPluginId: 'stat' })).toEqual([[1.5, 2.25]]);
});

test('a funnel and cohorts go out in the request of the metrics; only those over time are told how wide the panel is', async () => {
  const { datasource, sent } = aDataSource({ answer: answered });
  const targets = [
    aQuery(),
    { refId: 'B', version: 1, shop: 'demo', queryType: 'funnel', steps: ['visited', 'ordered'] },
    { refId: 'C', version: 1, shop: 'demo', queryType: 'cohort', months: 3, share: true },
  ];
  const { data } = await ask(datasource, aRequest(targets, { maxDataPoints: 500 }));
  expect(posts(sent)).toHaveLength(1);
  expect(asked(sent)).toEqual([
    { shop: 'demo', metric: 'net_sales', maxDataPoints: 500 },
    { type: 'funnel', shop: 'demo', steps: ['visited', 'ordered'] },
    { type: 'cohort', shop: 'demo', months: 3 },
  ]);
  expect(data.map(({ refId }) => refId)).toEqual(['A', 'B', 'C']);
});

test('Explore gets a funnel as the panel asks it: variables filled, ad hoc filters of other dimensions among them', () => {
  const { datasource } = aDataSource({ variables: { steps: ['visited', 'ordered'], country: ['FR', 'DE'] } });
  const [query] = datasource.interpolateVariablesInQueries(
    [
      {
        ...{
          refId: 'A',
          version: 1,
          shop: 'demo',
          queryType: 'funnel',
          steps: ['$steps'],
          groupBy: 'device',
        },
        filters: [{ dimension: 'country', operator: 'in', values: ['$country'] }],
      },
    ],
    {},
    [{ key: 'channel', operator: '=', value: 'email' }],
  );
  expect(query).toMatchObject({
    ...{ queryType: 'funnel', steps: ['visited', 'ordered'], groupBy: 'device' },
    filters: [
      { dimension: 'country', operator: 'in', values: ['FR', 'DE'] },
      { dimension: 'channel', operator: 'in', values: ['email'] },
    ],
  });
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
  expect(asked(sent)).toHaveLength(1);
});

test('a query that fails leaves the other ones of its panel alone', async () => {
  const error = { code: 'unknown_metric', title: 'No such metric', detail: '"x" is no metric' };
  const { datasource } = aDataSource({
    answer: () => ({ results: { 0: aResult(), 1: aResult({ frames: [], error }) } }),
  });
  const { data, errors, state } = await ask(
    datasource,
    aRequest([aQuery(), aQuery({ refId: 'B', metric: 'x' })]),
  );
  expect(data).toHaveLength(1);
  expect(errors).toEqual([{ refId: 'B', message: 'No such metric: "x" is no metric' }]);
  expect(state).toBe(LoadingState.Error);
});

test('one malformed query fails by itself, in words, and the others of its panel are answered', async () => {
  const { datasource, sent } = aDataSource({ answer: answered });
  const request = aRequest(
    [
      aQuery(),
      aQuery({ refId: 'B', interval: 'fortnight' }),
      aQuery({ refId: 'C', interval: '$__interval' }),
      aQuery({ refId: 'D', shop: undefined }),
    ],
    { scopedVars: { __interval: { text: '30s', value: '30s' } } },
  );
  const { data, errors } = await ask(datasource, request);
  expect(asked(sent)).toEqual([
    { shop: 'demo', metric: 'net_sales' },
    { shop: 'demo', metric: 'net_sales', interval: '1m' },
  ]);
  expect(data.map(({ refId }) => refId)).toEqual(['A', 'C']);
  expect(errors).toEqual([
    { refId: 'B', message: '"fortnight" is no interval. Choose one of the list, or a duration such as 5m.' },
    { refId: 'D', message: expect.stringContaining('No shop is chosen') },
  ]);
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
  const targets = [
    aQuery(),
    aQuery({ refId: 'B', metric: 'customers' }),
    aQuery({ refId: 'C', groupBy: 'country' }),
  ];
  const response = await ask(datasource, aRequest(targets, { filters }));
  expect(asked(sent)).toEqual([
    {
      ...{ shop: 'demo', metric: 'net_sales' },
      filters: [{ dimension: 'device', operator: 'in', values: ['mobile'] }],
    },
    { shop: 'demo', metric: 'customers' },
    { shop: 'demo', metric: 'net_sales', groupBy: 'country' },
  ]);
  expect(response.errors).toBeUndefined();
  expect(noticesOf(response)).toEqual([
    [],
    [expect.stringMatching(/Customers is not kept by device/)],
    [expect.stringMatching(/split by country/)],
  ]);
});

test('a multi-value variable without a choice shows no £0.00 without a word', async () => {
  const { datasource, sent } = aDataSource({ answer: answered, variables: { country: [] } });
  const filters = [{ dimension: 'country', operator: 'in' as const, values: ['$country'] }];
  const response = await ask(datasource, aRequest([aQuery({ filters })]));
  expect(asked(sent)).toEqual([{ shop: 'demo', metric: 'net_sales' }]);
  expect(noticesOf(response)).toEqual([
    [expect.stringMatching(/filter on country is not applied: \$country has no value/)],
  ]);
});

test('a filter that leaves nothing asks nothing, and the empty panel says why', async () => {
  const { datasource, sent } = aDataSource({ answer: answered, variables: { country: ALL } });
  const filters = [{ dimension: 'country', operator: 'not_in' as const, values: ['$country'] }];
  const response = await ask(datasource, aRequest([aQuery({ filters })]));
  expect(posts(sent)).toEqual([]);
  expect(noticesOf(response)).toEqual([[expect.stringMatching(/leaves nothing/)]]);
});

test('dashboard variables are replaced in what is sent and in what Explore is handed', async () => {
  const { datasource, sent } = aDataSource({ answer: answered, variables: { shop: 'uk-retail' } });
  await ask(datasource, aRequest([aQuery({ shop: '$shop' })]));
  expect(asked(sent)[0].shop).toBe('uk-retail');
  expect(datasource.interpolateVariablesInQueries([aQuery({ shop: '$shop' })], {})).toEqual([
    aQuery({ shop: 'uk-retail', datasource: datasource.getRef() }),
  ]);
});

test('ad hoc filters are not lost on the way to Explore, and All stays all', async () => {
  const { datasource } = aDataSource({ answer: answered, variables: { country: ALL } });
  await datasource.api.catalog();
  const own = { dimension: 'country', operator: 'in' as const, values: ['$country'] };
  const filters = [{ key: 'device', operator: '=', value: 'mobile' }];
  expect(
    datasource.interpolateVariablesInQueries([aQuery({ filters: [own] })], {}, filters)[0]?.filters,
  ).toEqual([{ dimension: 'device', operator: 'in', values: ['mobile'] }]);
});

test('an alert rule made from a panel carries no raw variable: the choice and ad hoc filters are in it', async () => {
  const { datasource } = aDataSource({ answer: answered, variables: { shop: 'uk-retail', by: 'device' } });
  await datasource.api.catalog();
  const query = aQuery({ shop: '$shop', groupBy: '$by' });
  const filters = [{ key: 'device', operator: '!=', value: 'tablet' }];
  const made = datasource.applyTemplateVariables(query, {}, filters);
  expect(made).toMatchObject({
    ...{ shop: 'uk-retail', groupBy: 'device' },
    filters: [{ dimension: 'device', operator: 'not_in', values: ['tablet'] }],
  });
  expect(JSON.stringify(made)).not.toContain('$');
});

test('a query that can’t be asked reaches Explore as far as it can be read', () => {
  const { datasource } = aDataSource({ variables: { shop: ['demo', 'uk-retail'], by: 'device' } });
  expect(datasource.interpolateVariablesInQueries([aQuery({ shop: '$shop', groupBy: '$by' })], {})).toEqual([
    aQuery({ shop: '$shop', groupBy: 'device', datasource: datasource.getRef() }),
  ]);
});

test('without the catalogue queries are asked all the same', async () => {
  const { backendSrv, sent } = fakeBackend((request) =>
    request.method === 'GET' ? failure(500, {}) : answered(request),
  );
  const datasource = new DataSource(someSettings(), { backendSrv, templateSrv: fakeTemplateSrv() });
  expect((await ask(datasource, aRequest([aQuery()]))).data).toHaveLength(1);
  expect(asked(sent)).toHaveLength(1);
});

test('values for ad hoc filters come from the dashboard’s shop', async () => {
  const { datasource, sent } = aDataSource({
    answer: () => ({ values: ['mobile'], total: 1 }),
    variables: { shop: 'uk-retail' },
  });
  const { data } = await datasource.getTagValues({ key: 'device', queries: [aQuery({ shop: '$shop' })] });
  expect(data).toEqual([{ text: 'mobile', value: 'mobile' }]);
  expect(sent.at(-1)?.url).toContain('/dimensions/device/values?shop=uk-retail');
});

test('ad hoc filters offer the dimensions of the metric that a variable stands for', async () => {
  const { datasource } = aDataSource({ variables: { metric: 'customers' } });
  const { data } = await datasource.getTagKeys({ queries: [aQuery({ metric: '$metric' })] });
  expect(data).toEqual([{ text: 'Country', value: 'country' }]);
});

test('keys and values that can’t be listed say why in words', async () => {
  const { backendSrv } = fakeBackend(() => failure(502, ''));
  const datasource = new DataSource(someSettings(), { backendSrv, templateSrv: fakeTemplateSrv() });
  const message = expect.stringContaining('The exporter can’t be reached');
  expect(await datasource.getTagKeys()).toEqual({ data: [], error: { message } });
  expect(await datasource.getTagValues({ key: 'device', queries: [aQuery()] })).toEqual({
    data: [],
    error: { message },
  });
});

test('a filter that does nothing to the dashboard’s queries is told to it', async () => {
  const { datasource } = aDataSource();
  const filters = [{ key: 'device', operator: '=', value: 'mobile' }];
  const judged = await datasource.getDrilldownsApplicability({
    filters,
    queries: [aQuery({ metric: 'customers' })],
  });
  expect(judged).toEqual([
    { key: 'device', applicable: false, reason: 'Not applied: Customers is not kept by device.' },
  ]);
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

test('a variable that can’t be listed says why in words', async () => {
  const { backendSrv } = fakeBackend(() => failure(504, ''));
  const datasource = new DataSource(someSettings(), { backendSrv, templateSrv: fakeTemplateSrv() });
  const targets: StorepulseVariableQuery[] = [{ refId: 'shops', kind: 'shops' }];
  const listing = firstValueFrom(createVariableSupport(datasource).query({ ...aRequest([]), targets }));
  await expect(listing).rejects.toThrow(/did not answer in time/);
});

test('a new query asks for something, so that Explore runs it', () => {
  const { datasource } = aDataSource();
  expect(datasource.filterQuery({ refId: 'A', ...datasource.getDefaultQuery('explore' as never) })).toBe(
    true,
  );
});

test('a new query begins with the interval of the settings', () => {
  const { datasource } = aDataSource({ settings: { defaultInterval: '1d' } });
  expect(datasource.getDefaultQuery('explore' as never)).toMatchObject({
    metric: 'net_sales',
    interval: '1d',
  });
});

test('a new query begins with the first shop that is known, unless there is a default one', async () => {
  const { datasource } = aDataSource();
  await datasource.api.catalog();
  expect(datasource.getDefaultQuery('explore' as never).shop).toBe('demo');
  const { datasource: other } = aDataSource({ settings: { defaultShop: 'uk-retail' } });
  await other.api.catalog();
  expect(other.getDefaultQuery('explore' as never)).not.toHaveProperty('shop');
});
