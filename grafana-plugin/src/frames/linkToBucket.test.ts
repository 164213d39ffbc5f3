import type { BatchedQuery } from '../api/batchQueries';
import { aFrame } from '../testing/fixtures';
import { linkToBucket } from './linkToBucket';

const source = { uid: 'storepulse', name: 'Storepulse' };
const sent = (changes: object = {}) =>
  ({ shop: 'demo', metric: 'orders', range: { from: 0, to: 90_000 }, ...changes }) as BatchedQuery;
const time = (...values: number[]) =>
  aFrame({ fields: [{ name: 'time', type: 'time', config: {}, values }] });
/** What Explore is asked by the link at a bucket. */
function paneAt(at: number, asked: BatchedQuery, labels: Record<string, string> = {}) {
  const [link] = linkToBucket(time(0, 60_000), { labels }, asked, source);
  const url = link!.onBuildUrl!({ origin: {}, replaceVariables: () => String(at) });
  return JSON.parse(new URL(url, 'http://grafana').searchParams.get('panes')!).a;
}

test('a bucket leads to the events between its bounds; the last one ends with the range', () => {
  expect(paneAt(0, sent())).toEqual({
    datasource: 'storepulse',
    queries: [{ refId: 'A', queryType: 'events', shop: 'demo', filters: [] }],
    range: { from: '0', to: '60000' },
  });
  expect(paneAt(60_000, sent()).range).toEqual({ from: '60000', to: '90000' });
  expect(paneAt(Number.NaN, sent()).range).toEqual({ from: '0', to: '90000' });
});

test('what the bucket is of goes with it, as far as events have it', () => {
  const filters = [
    { dimension: 'channel', operator: 'not_in', values: ['email'] },
    { dimension: 'category', operator: 'in', values: ['Mugs'] },
  ];
  const { queries } = paneAt(0, sent({ filters }), { country: '$x" <b>', category: 'Mugs' });
  expect(queries[0].filters).toEqual([
    { dimension: 'channel', operator: 'not_in', values: ['email'] },
    { dimension: 'country', operator: 'in', values: ['$x" <b>'] },
  ]);
  expect(paneAt(0, sent(), { country: 'other', device: 'unknown' }).queries[0].filters).toEqual([]);
});

test('what has no buckets leads to none', () => {
  expect(linkToBucket(time(0), {}, sent({ interval: 'all' }), source)).toEqual([]);
  expect(linkToBucket(time(0), {}, sent({ type: 'cohort' }), source)).toEqual([]);
  expect(linkToBucket(aFrame({ fields: [] }), {}, sent(), source)).toEqual([]);
});
