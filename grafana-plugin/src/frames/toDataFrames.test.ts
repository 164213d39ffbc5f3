import { createTheme, FieldType, formattedValueToString, getDisplayProcessor } from '@grafana/data';
import { aFrame, aResult } from '../testing/fixtures';
import { type FrameOptions, toDataFrames } from './toDataFrames';

const options = (changes: Partial<FrameOptions> = {}): FrameOptions => ({
  refId: 'A',
  sent: { shop: 'demo', metric: 'net_sales', range: { from: 0, to: 120_000 } },
  exact: false,
  remarks: [],
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
