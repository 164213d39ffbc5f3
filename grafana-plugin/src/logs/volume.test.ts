import { type DataQueryRequest, SupplementaryQueryType } from '@grafana/data';
import { ask } from '../testing/asking';
import { aQuery, aRequest } from '../testing/fixtures';
import { aDataSource } from '../testing/services';
import type { StorepulseQuery } from '../types';

const events = (changes: Partial<StorepulseQuery> = {}): StorepulseQuery => ({
  ...{ refId: 'A', version: 1, shop: 'demo', queryType: 'events', limit: 20, live: true },
  ...changes,
});
const counts = {
  ...{ shop: 'demo', begin: 0, stepMs: 30_000, completeFrom: 1_000 },
  counts: { order_placed: [3, 0, 1], review_submitted: [1, 1, 0], payment_failed: [0, 2, 0] },
};
const { LogsVolume, LogsSample } = SupplementaryQueryType;

/** What Grafana's Explore does for the bars above a log. */
function volume(request: DataQueryRequest<StorepulseQuery>, answer: object = counts) {
  const source = aDataSource({ answer: () => answer });
  const asked = source.datasource.getSupplementaryRequest(LogsVolume, request);
  return { ...source, asked, told: () => ask(source.datasource, asked!) };
}

test('the volume of a log is counted by the server over the whole range, not from the lines that are shown', async () => {
  const by = [{ dimension: 'country', operator: 'in' as const, values: ['FR'] }];
  const { sent, told } = volume(aRequest([events({ filters: by })], { intervalMs: 30_000 }));
  const { data } = await told();
  expect(sent.map(({ url }) => url)).toEqual([
    '/proxy/api/v1/catalog',
    '/proxy/api/v1/events/counts?shop=demo&from=1000&to=61000&steps=2&country=FR',
  ]);
  expect(
    data.map(({ refId, fields: [time, value] }) => [refId, value.labels, time.values, value.values]),
  ).toEqual([
    ['log-volume-A', { level: 'info' }, [0, 30_000, 60_000], [4, 1, 1]],
    ['log-volume-A', { level: 'error' }, [0, 30_000, 60_000], [0, 2, 0]],
  ]);
  expect(data[0].meta.notices).toEqual([]);
});

test('a volume that does not go back to the begin of the range says from when on it is whole', async () => {
  const { data } = await volume(aRequest([events()]), { ...counts, completeFrom: 30_001 }).told();
  expect(data[0].meta.notices).toEqual([
    expect.objectContaining({ text: expect.stringContaining('from 1970-01-01T00:00:30.001Z on') }),
  ]);
});

test('filters that leave no event ask nothing', async () => {
  const both = (['in', 'not_in'] as const).map((operator) => ({
    dimension: 'country',
    operator,
    values: ['FR'],
  }));
  const { sent, told } = volume(aRequest([events({ filters: both })]));
  await told();
  expect(sent.filter(({ url }) => url.includes('counts'))).toEqual([]);
});

test('metrics, hidden queries and samples have no volume', () => {
  const { datasource } = aDataSource();
  expect(datasource.getSupportedSupplementaryQueryTypes()).toEqual([LogsVolume]);
  const hidden = events({ refId: 'B', hide: true });
  expect(datasource.getSupplementaryRequest(LogsVolume, aRequest([aQuery(), hidden]))).toBeUndefined();
  expect(datasource.getSupplementaryQuery({ type: LogsSample }, events())).toBeUndefined();
  const request = datasource.getSupplementaryRequest(
    LogsVolume,
    aRequest([aQuery(), events({ refId: 'C' })]),
  );
  expect(request?.targets.map(({ refId }) => refId)).toEqual(['log-volume-C']);
});
