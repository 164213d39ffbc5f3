import {
  type DataQueryResponse,
  FieldType,
  LogRowContextQueryDirection,
  type LogRowModel,
  toDataFrame,
} from '@grafana/data';
import { answered, ask, noticesOf } from './testing/asking';
import { aQuery, aRequest } from './testing/fixtures';
import { aDataSource, failure } from './testing/services';
import type { StorepulseQuery } from './types';

describe('events', () => {
  const query = (changes: object = {}): StorepulseQuery => ({
    ...{ refId: 'A', version: 1, shop: 'demo', queryType: 'events', limit: 50 },
    ...changes,
  });
  const event = { type: 'order_placed', eventId: 'e-1', eventTime: 2_000, orderId: 'o-1' };
  const list = () => ({ events: [event], next: null, currency: 'EUR' });

  test('are listed in the range, beside figures of the same panel, and equal ones are asked once', async () => {
    const { datasource, sent } = aDataSource({
      answer: (request) => (request.method === 'POST' ? answered(request) : list()),
    });
    const filters = [{ dimension: 'type', operator: 'in', values: ['order_placed'] }];
    const targets = [query({ filters }), query({ refId: 'B', filters }), aQuery({ refId: 'C' })];
    const { data } = await ask(datasource, aRequest(targets));
    expect(sent.map(({ url }) => url).filter((url) => url.includes('events'))).toEqual([
      '/proxy/api/v1/events?shop=demo&from=1000&to=61000&limit=50&type=order_placed',
    ]);
    expect(data.map(({ refId, meta }) => [refId, meta?.preferredVisualisationType])).toEqual([
      ['A', 'logs'],
      ['B', 'logs'],
      ['C', 'graph'],
    ]);
  });

  test('beyond a page are read page by page, as many as are asked for', async () => {
    const { datasource, sent } = aDataSource({
      answer: ({ url }) => {
        const asked = new URL(url, 'http://x').searchParams;
        const begin = Number(asked.get('cursor') ?? 0);
        const count = Number(asked.get('limit'));
        const events = Array.from({ length: count }, (_, n) => ({ ...event, eventId: `e-${begin + n}` }));
        return { events, next: String(begin + count), currency: 'EUR' };
      },
    });
    const response = await ask(datasource, aRequest([query({ limit: 1_200 })]));
    const pages = sent.map(({ url }) => url).filter((url) => url.includes('/events?'));
    expect(pages.map((url) => /limit=\d+(&cursor=\d+)?/.exec(url)?.[0])).toEqual([
      'limit=500',
      'limit=500&cursor=500',
      'limit=200&cursor=1000',
    ]);
    const ids = response.data[0]?.fields.find(({ name }: { name: string }) => name === 'id')?.values ?? [];
    expect(new Set(ids).size).toBe(1_200);
    expect(noticesOf(response)).toEqual([[expect.stringMatching(/^The latest 1,200 events/)]]);
  });

  test('have a context: what happened in the shop before and after one, whatever the filters', async () => {
    const around = (...ids: string[]) => ids.map((eventId) => ({ ...event, eventId }));
    const { datasource, sent } = aDataSource({
      answer: ({ url }) =>
        url.includes('/events?')
          ? { ...list(), events: url.includes('from=') ? around('e-2', 'e-3') : around('e-1', 'e-0', 'e--1') }
          : undefined,
    });
    const filters = [{ dimension: 'type', operator: 'in', values: ['refund_issued'] }];
    const frame = toDataFrame({ fields: [{ name: 'id', type: FieldType.string, values: ['e-9', 'e-1'] }] });
    const row = { timeEpochMs: 2_000, dataFrame: frame, rowIndex: 1 } as LogRowModel;
    const idsOf = ({ data }: DataQueryResponse) =>
      data[0].fields.find(({ name }: { name: string }) => name === 'id').values;
    const { Backward, Forward } = LogRowContextQueryDirection;
    const before = await datasource.getLogRowContext(
      row,
      { direction: Backward, limit: 2 },
      query({ filters }),
    );
    const after = await datasource.getLogRowContext(
      row,
      { direction: Forward, limit: 2 },
      query({ filters }),
    );
    expect(idsOf(before)).toEqual(['e-0', 'e--1']);
    expect(idsOf(after)).toEqual(['e-3', 'e-2']);
    expect(sent.map(({ url }) => url.split('/events?')[1]).filter(Boolean)).toEqual([
      'shop=demo&limit=3&to=2001&sort=-eventTime',
      'shop=demo&limit=3&from=2001&sort=eventTime',
    ]);
    expect(await datasource.getLogRowContextQuery(row, {}, query({ filters }))).toEqual({
      ...{ refId: 'A', version: 1, queryType: 'events', shop: 'demo' },
    });
  });

  test('that can’t be had fail alone, in words', async () => {
    const { datasource } = aDataSource({
      answer: (request) => (request.method === 'POST' ? answered(request) : failure(502, '')),
    });
    const { data, errors } = await ask(datasource, aRequest([query(), aQuery({ refId: 'B' })]));
    expect(data.map(({ refId }) => refId)).toEqual(['B']);
    expect(errors).toEqual([
      { refId: 'A', message: expect.stringMatching(/^The exporter can’t be reached/) },
    ]);
  });

  test('whose filters leave nothing are not asked for, and it is said', async () => {
    const { datasource, sent } = aDataSource({ answer: list });
    const by = (...values: string[]) => ({ dimension: 'country', operator: 'in', values });
    const response = await ask(datasource, aRequest([query({ filters: [by('FR'), by('DE')] })]));
    expect(sent.filter(({ url }) => url.includes('events'))).toEqual([]);
    expect(noticesOf(response)).toEqual([[expect.stringMatching(/^The filters leave no value/)]]);
  });

  test('are filtered for and out by the buttons of Explore', () => {
    const { datasource } = aDataSource();
    const options = { key: 'type', value: 'order_placed' };
    const on = datasource.toggleQueryFilter(query(), { type: 'FILTER_FOR', options });
    expect(datasource.queryHasFilter(on, options)).toBe(true);
    const out = datasource.modifyQuery(on, { type: 'ADD_FILTER_OUT', options });
    expect(out.filters).toEqual([{ dimension: 'type', operator: 'not_in', values: ['order_placed'] }]);
    expect(datasource.getSupportedQueryModifications()).toContain('ADD_FILTER_OUT');
    expect(datasource.modifyQuery(on, { type: 'ADD_STRING_FILTER', options })).toBe(on);
  });
});

describe('records', () => {
  const query = (changes: object = {}): StorepulseQuery => ({
    ...{ refId: 'A', version: 1, shop: 'uk-retail', queryType: 'records', records: 'orders', limit: 50 },
    ...changes,
  });

  test('are a table with the decimals of their shop, and say that there are more', async () => {
    const { datasource, sent } = aDataSource({
      answer: () => ({ records: [{ orderId: 'o-1', total: 2.5 }], next: 'more', currency: 'GBP' }),
    });
    const response = await ask(datasource, aRequest([query({ limit: 1 })]));
    expect(sent.at(-1)?.url).toBe('/proxy/api/v1/orders?shop=uk-retail&from=1000&to=61000&limit=1');
    expect(response.data[0].fields[1].config).toMatchObject({ unit: 'currency:financial:£', decimals: 3 });
    expect(noticesOf(response)).toEqual([[expect.stringMatching(/^The first 1 records .* there are more/)]]);
  });

  test('beyond a page are read page by page, and an empty page ends the list', async () => {
    const pages = [
      { records: [{ orderId: 'o-1' }, { orderId: 'o-2' }], next: 'c' },
      { records: [{ orderId: 'o-3' }], next: 'd' },
      { records: [], next: 'e' },
    ];
    const { datasource, sent } = aDataSource({
      answer: ({ url }) => (url.includes('/orders') ? { ...pages.shift(), currency: 'GBP' } : undefined),
    });
    const { data } = await ask(datasource, aRequest([query({ limit: 700 })]));
    expect(data[0].fields[0].values).toEqual(['o-1', 'o-2', 'o-3']);
    const asked = sent.map(({ url }) => /limit=.*/.exec(url)?.[0]).filter(Boolean);
    expect(asked).toEqual(['limit=500', 'limit=500&cursor=c', 'limit=500&cursor=d']);
  });

  test('that were searched say how they were found', async () => {
    const { datasource } = aDataSource({
      answer: () => ({
        results: [{ kind: 'orders', match: 'id', record: { orderId: 'o-1' } }],
        currency: 'GBP',
      }),
    });
    const { data } = await ask(datasource, aRequest([query({ search: 'o-', limit: undefined })]));
    expect(
      data[0].fields.map(({ name, values }: { name: string; values: string[] }) => [name, values]),
    ).toEqual([
      ['orderId', ['o-1']],
      ['foundBy', ['id']],
    ]);
  });

  test('that a key may not see are an error in words', async () => {
    const problem = { title: 'Not allowed', detail: 'the key needs the scope read:personal' };
    const { datasource } = aDataSource({ answer: () => failure(403, problem) });
    const { errors } = await ask(datasource, aRequest([query({ records: 'customers' })]));
    expect(errors?.[0]?.message).toBe('Not allowed: the key needs the scope read:personal');
  });
});
