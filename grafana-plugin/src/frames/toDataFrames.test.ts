import { createTheme, FieldType, formattedValueToString, getDisplayProcessor } from '@grafana/data';
import type { AskedQuery } from '@storepulse/contracts/grafana/validate-query';
import type { FrameField } from '@storepulse/contracts/query';
import { aFrame, aResult } from '../testing/fixtures';
import { drawIncomplete } from './drawIncomplete';
import { type FrameOptions, toDataFrames } from './toDataFrames';

const options = (changes: Partial<FrameOptions> = {}): FrameOptions => ({
  refId: 'A',
  sent: { shop: 'demo', metric: 'net_sales', range: { from: 0, to: 120_000 } },
  exact: false,
  asShares: false,
  remarks: [],
  source: { uid: 'storepulse', name: 'Storepulse' },
  now: 120_000,
  timeZone: 'utc',
  ...changes,
});

test('columns keep their values, types and definition', () => {
  const [frame] = toDataFrames(aResult(), options());
  expect(frame?.fields.map(({ name, type, values }) => ({ name, type, values }))).toEqual([
    { name: 'time', type: FieldType.time, values: [0, 60_000] },
    { name: 'net_sales', type: FieldType.number, values: [1.5, 2.25] },
  ]);
  expect(frame?.fields[1]?.config.description).toBe('Gross − returns');
});

test('a name given by the panel can win over the exporter’s', () => {
  const [frame] = toDataFrames(aResult(), options());
  expect(frame?.fields[1]?.config.displayNameFromDS).toBe('Net sales');
  expect(frame?.fields[1]?.config).not.toHaveProperty('displayName');
});

test('with all digits an amount has the decimals that it is kept with', () => {
  const [frame] = toDataFrames(aResult(), options({ exact: true }));
  expect(frame?.fields[1]?.config).toMatchObject({ unit: 'currency:financial:£', decimals: 3 });
});

test('a shortened amount leaves the decimals to Grafana', () => {
  const [frame] = toDataFrames(aResult(), options());
  expect(frame?.fields[1]?.config.unit).toBe('currencyGBP');
  expect(frame?.fields[1]?.config).not.toHaveProperty('decimals');
});

test('of a comparison a time series draws the earlier time, dotted; what is no value of the axis is left to tables', () => {
  const compared = (part: string) =>
    aFrame({ name: part, meta: { custom: { compareTo: 'previous_week', compared: part } } });
  const frames = toDataFrames(
    aResult({ frames: [aFrame(), compared('earlier'), compared('difference'), compared('relative')] }),
    options(),
  );
  expect(frames.map(({ name }) => name)).toEqual(['Net sales', 'earlier']);
  expect(frames.map(({ fields }) => fields[1]?.config.custom?.lineStyle?.fill)).toEqual([undefined, 'dot']);
  expect(frames[1]?.fields[0]?.config.custom).toBeUndefined();
});

test('the earlier time of a comparison tells how far before it is, as Grafana’s own comparison does', () => {
  const timeCompare = { diffMs: 604_800_000, isTimeShiftQuery: true };
  const meta = { custom: { compareTo: 'previous_week', compared: 'earlier' }, timeCompare };
  const frames = toDataFrames(aResult({ frames: [aFrame(), aFrame({ meta })] }), options());
  expect(frames.map((frame) => frame.meta?.timeCompare)).toEqual([undefined, timeCompare]);
});

test('values of a split keep their labels', () => {
  const field = {
    name: 'orders',
    type: 'number' as const,
    labels: { country: 'France' },
    config: {},
    values: [3],
  };
  const [frame] = toDataFrames(aResult({ frames: [aFrame({ fields: [field] })] }), options());
  expect(frame?.fields[0]?.labels).toEqual({ country: 'France' });
});

test('the exporter’s remarks and ours reach the panel once', () => {
  const meta = { ...aResult().meta, notices: [{ severity: 'info' as const, text: 'still filling' }] };
  const frames = toDataFrames(
    aResult({ frames: [aFrame(), aFrame()], meta }),
    options({ remarks: [{ severity: 'warning', text: 'not applied' }] }),
  );
  expect(frames.map((frame) => frame.meta?.notices)).toEqual([
    [
      { severity: 'info', text: 'still filling' },
      { severity: 'warning', text: 'not applied' },
    ],
    [],
  ]);
});

test('the inspector shows the query as it was sent', () => {
  const [frame] = toDataFrames(aResult(), options());
  expect(JSON.parse(frame?.meta?.executedQueryString ?? '')).toEqual(options().sent);
});

test('the exporter’s shape of a frame is kept, and Explore draws series as graphs and rows as tables', () => {
  const rows = aFrame({
    fields: [{ name: 'orders', type: 'number', config: {}, values: [3] }],
    meta: { type: 'numeric-long' },
  });
  const frames = toDataFrames(aResult({ frames: [aFrame(), rows] }), options());
  expect(frames.map(({ meta }) => [meta?.type, meta?.preferredVisualisationType])).toEqual([
    ['timeseries-wide', 'graph'],
    ['numeric-long', 'table'],
  ]);
});

/** A funnel by device, as the exporter answers it. */
const aFunnel = () =>
  aFrame({
    name: 'Funnel',
    fields: [
      { name: 'device', type: 'string', config: { displayName: 'device' }, values: ['mobile', 'mobile'] },
      { name: 'step', type: 'string', config: { displayName: 'Step' }, values: ['visited', 'ordered'] },
      { name: 'visits', type: 'number', config: { displayName: 'Visits', unit: 'short' }, values: [9, 2] },
    ],
    meta: { type: 'numeric-long', custom: { type: 'funnel' } },
  });
const funnel = {
  ...{ type: 'funnel', shop: 'demo', steps: ['visited', 'ordered'], open: true, groupBy: 'device' },
  filters: [
    { dimension: 'country', operator: 'in', values: ['France'] },
    { dimension: 'device', operator: 'not_in', values: ['tablet'] },
  ],
} satisfies AskedQuery;

test('a funnel names its steps in words, and is a table', () => {
  const [frame] = toDataFrames(
    aResult({ frames: [aFunnel()] }),
    options({ sent: { ...funnel, range: { from: 0, to: 120_000 } } }),
  );
  const step = frame!.fields[1]!;
  const display = getDisplayProcessor({ field: step, theme: createTheme() });
  expect(step.values.map((value) => formattedValueToString(display(value)))).toEqual(['Visited', 'Ordered']);
  expect(frame?.meta?.preferredVisualisationType).toBe('table');
});

test('a value of a funnel’s split links to that value’s funnel, under the other filters', () => {
  const [frame] = toDataFrames(
    aResult({ frames: [aFunnel()] }),
    options({ sent: { ...funnel, range: { from: 0, to: 120_000 } } }),
  );
  expect(frame?.fields[0]?.config.links?.[0]?.internal?.query).toEqual({
    refId: 'A',
    ...{ queryType: 'funnel', shop: 'demo', steps: ['visited', 'ordered'], open: true, groupBy: 'device' },
    filters: [
      { dimension: 'country', operator: 'in', values: ['France'] },
      { dimension: 'device', operator: 'in', values: [`\${__value.raw}`] },
    ],
  });
  expect(frame?.fields[1]?.config.links).toBeUndefined();
});

test('a heat map keeps its rows as they are, and Explore draws it with Grafana’s panel', () => {
  const row = (le: string, values: number[]) => ({
    ...{
      name: le,
      type: 'number' as const,
      labels: { le },
      config: { displayName: le, unit: 'short' },
      values,
    },
  });
  const time = { name: 'time', type: 'time' as const, config: {}, values: [0, 60_000] };
  const custom = { layout: 'le', unit: 'ms', incompleteFrom: 60_000 };
  const heatmap = aFrame({
    fields: [time, row('200', [1, 0]), row('300', [0, 4])],
    meta: { type: 'heatmap-rows', custom },
  });
  const frames = toDataFrames(aResult({ frames: [heatmap] }), options());
  expect(frames[0]?.meta).toMatchObject({
    ...{ type: 'heatmap-rows', preferredVisualisationPluginId: 'heatmap' },
    custom: { layout: 'le', unit: 'ms' },
  });
  expect(frames[0]?.fields.map(({ labels }) => labels?.le)).toEqual([undefined, '200', '300']);
  expect(drawIncomplete(frames, ['red'])).toEqual(frames);
});

test('of cohorts the counts are shown, or the shares where they are asked for: a table panel draws one frame', () => {
  const table = (name: string, custom: object) => aFrame({ name, meta: { type: 'numeric-long', custom } });
  const result = aResult({
    frames: [
      table('Cohorts', { type: 'cohort' }),
      table('Cohorts (share of customers)', { type: 'cohort', compared: 'share' }),
    ],
  });
  const shown = (asShares: boolean) => toDataFrames(result, options({ asShares })).map(({ name }) => name);
  expect(shown(false)).toEqual(['Cohorts']);
  expect(shown(true)).toEqual(['Cohorts (share of customers)']);
});

describe('days and months of a shop', () => {
  /** How Grafana shows the first time of an answer to a reader in that zone. */
  const shown = (interval: string, time: number, reader: string, unit?: string) => {
    const times = { name: 'time', type: 'time' as const, config: {}, values: [time] };
    const meta = { ...aResult().meta, interval, timeZone: 'Asia/Tokyo' };
    const [frame] = toDataFrames(aResult({ frames: [aFrame({ fields: [times] })], meta }), options());
    const field = frame!.fields[0]!;
    const config = unit ? { ...field.config, unit } : field.config;
    const display = getDisplayProcessor({
      field: { ...field, config },
      theme: createTheme(),
      timeZone: reader,
    });
    return formattedValueToString(display(time));
  };
  const august = Date.UTC(2026, 6, 31, 15);

  test.each(['utc', 'America/New_York', 'Asia/Tokyo'])(
    'are named as the shop has them to a reader in %s',
    (reader) => {
      expect(shown('1M', august, reader)).toBe('2026-08');
      expect(shown('1d', august, reader)).toBe('2026-08-01');
      expect(shown('1w', august, reader)).toBe('2026-08-01');
      expect(shown('1M', august, reader, 'time:YYYY-MM')).toBe('2026-08');
    },
  );

  test('are instants where buckets are shorter, in the reader’s zone', () => {
    expect(shown('1h', august, 'utc', 'time:YYYY-MM-DD HH')).toBe('2026-07-31 15');
  });
});

test('data that ends before the range does is told of, beside the exporter’s remarks', () => {
  const meta = { ...aResult().meta, freshness: { watermark: 120_000, lastEventTime: 110_000 } };
  const sent = { ...options().sent, range: { from: 0, to: 3_720_000 } };
  const [frame] = toDataFrames(aResult({ meta }), options({ sent, now: 9_000_000 }));
  expect(frame?.meta?.notices).toEqual([
    {
      severity: 'warning',
      text: 'Events are counted up to 1970-01-01 00:02:00, 1 hour before the end of the range.',
    },
  ]);
});

test('the inspector tells what an answer cost, once for all its frames', () => {
  const meta = { ...aResult().meta, readMs: 12.5, readAt: 119_000 };
  const frames = toDataFrames(aResult({ frames: [aFrame(), aFrame()], meta }), options());
  expect(frames.map((frame) => frame.meta?.stats)).toEqual([
    [
      { displayName: 'Windows read (1m)', value: 2, unit: 'short' },
      { displayName: 'Reading took', value: 12.5, unit: 'ms' },
      { displayName: 'Age of what was read', value: 1_000, unit: 'ms' },
    ],
    [],
  ]);
});

test('what a metric over facts cost is told in facts', () => {
  const meta = { ...aResult().meta, resolution: 'facts', documents: 40 };
  const [frame] = toDataFrames(aResult({ meta }), options());
  expect(frame?.meta?.stats).toEqual([{ displayName: 'Facts read', value: 40, unit: 'short' }]);
});

test('products are shown with what they are called, and keep their SKUs as values', () => {
  const column = { name: 'sku', type: 'string' as const, config: {}, values: ['KIT-0001', 'other'] };
  const names = { 'KIT-0001': 'Steel kettle' };
  const [frame] = toDataFrames(aResult({ frames: [aFrame({ fields: [{ ...column, names }] })] }), options());
  expect(frame?.fields[0]?.values).toEqual(['KIT-0001', 'other']);
  expect(frame?.fields[0]?.config.mappings).toEqual([
    { type: 'value', options: { 'KIT-0001': { text: 'KIT-0001 Steel kettle' } } },
  ]);
});

describe('several metrics', () => {
  const sent = {
    ...{ shop: 'demo', metric: ['net_sales', 'orders'], range: { from: 0, to: 120_000 } },
  };
  const ofMetric = (metric: string, unit: string, labels?: Record<string, string>) => {
    const [time, number] = aFrame().fields;
    const config = { displayName: metric, unit };
    return aFrame({
      name: metric,
      fields: [time!, { ...number!, name: metric, config, ...(labels ? { labels } : {}) }],
      meta: { type: 'timeseries-wide', typeVersion: [0, 1], custom: { metric, shop: 'demo' } },
    });
  };

  test('are fields of one frame, each with its own name and unit', () => {
    const frames = [ofMetric('net_sales', 'currencyGBP'), ofMetric('orders', 'short')];
    const shown = toDataFrames(aResult({ frames }), options({ sent }));
    expect(shown).toHaveLength(1);
    expect(
      shown[0]?.fields.map(({ name, config, labels }) => [
        name,
        config.displayNameFromDS,
        config.unit,
        labels,
      ]),
    ).toEqual([
      ['time', undefined, undefined, undefined],
      ['net_sales', 'net_sales', 'currencyGBP', { metric: 'net_sales' }],
      ['orders', 'orders', 'short', { metric: 'orders' }],
    ]);
  });

  test('lead from a value to Explore with all of them, and from a bucket to its events without a metric', () => {
    const labels = { country: 'France' };
    const frames = [ofMetric('net_sales', 'currencyGBP', labels), ofMetric('orders', 'short', labels)];
    const [frame] = toDataFrames(aResult({ frames }), options({ sent: { ...sent, groupBy: 'country' } }));
    expect(frame?.fields[2]?.config.links?.[0]?.internal?.query).toMatchObject({
      ...{ metric: 'net_sales', furtherMetrics: ['orders'], groupBy: 'country' },
    });
    expect(frame?.fields[2]?.config.links?.[1]?.title).toBe('Events of this bucket');
  });
});

describe('links to Explore', () => {
  const split = {
    shop: 'demo',
    metric: 'orders',
    groupBy: 'country',
    limit: 5,
    format: 'table' as const,
    range: { from: 0, to: 120_000 },
  };
  const linksOf = (field: FrameField, sent: FrameOptions['sent'] = split) =>
    toDataFrames(aResult({ frames: [aFrame({ fields: [field] })] }), options({ sent }))[0]?.fields[0]?.config
      .links;
  const number = { name: 'orders', type: 'number' as const, config: {}, values: [3] };

  test('a value in a table leads to the same query for that value', () => {
    const column = { name: 'country', type: 'string' as const, config: {}, values: ['France', '$x'] };
    expect(linksOf(column)).toEqual([
      {
        title: `Explore country "\${__value.raw}"`,
        url: '',
        internal: {
          datasourceUid: 'storepulse',
          datasourceName: 'Storepulse',
          query: {
            refId: 'A',
            shop: 'demo',
            metric: 'orders',
            groupBy: 'country',
            filters: [{ dimension: 'country', operator: 'in', values: [`\${__value.raw}`] }],
          },
        },
      },
    ]);
  });

  test('a line of a split leads to the query for its value', () => {
    const [link] = linksOf({ ...number, labels: { country: 'France' } }) ?? [];
    expect(link?.internal?.query).toMatchObject({
      filters: [{ values: [`\${__field.labels["country"]}`] }],
    });
  });

  test('what is summed as other, and the whole shop, lead nowhere', () => {
    expect(linksOf({ ...number, labels: { country: 'other' } })).toBeUndefined();
    const { groupBy: _, ...whole } = split;
    expect(linksOf(number, whole)).toBeUndefined();
  });
});
