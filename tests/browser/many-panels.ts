const datasource = { type: 'storepulse-commerce-datasource', uid: 'storepulse' };
const METRICS = ['orders', 'gross_sales', 'net_sales', 'sessions', 'product_views'];
const SPLITS = [undefined, 'country', 'device', 'channel'];

/**
 * A dashboard of many different panels: graphs, tables, bars and figures in turn, of different metrics and splits.
 * @param count of panels, each of another query
 */
export function manyPanels(uid: string, count: number, range: { from: string; to: string }) {
  const kinds = ['timeseries', 'table', 'bargauge', 'stat'] as const;
  return {
    ...{ uid, title: uid, schemaVersion: 41, time: range },
    panels: Array.from({ length: count }, (_, n) => {
      const type = kinds[n % kinds.length]!;
      const groupBy = type === 'stat' ? undefined : SPLITS[n % SPLITS.length];
      const query = {
        ...{ refId: 'A', datasource, shop: 'demo', metric: METRICS[n % METRICS.length], limit: 5 + n },
        ...(groupBy ? { groupBy } : {}),
        ...(type === 'timeseries' ? {} : { format: 'table' }),
      };
      return {
        ...{ id: n + 1, type, title: `Panel ${n + 1}`, datasource, targets: [query] },
        gridPos: { x: 6 * (n % 4), y: 8 * Math.floor(n / 4), w: 6, h: 8 },
        ...(type === 'stat' || type === 'bargauge'
          ? { options: { reduceOptions: { calcs: ['lastNotNull'], values: true, fields: '' } } }
          : {}),
      };
    }),
  };
}
