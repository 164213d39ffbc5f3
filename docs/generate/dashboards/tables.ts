import { catalog, timeDimensions } from '@storepulse/contracts';
import type { Panel, ShopQuery } from './model.ts';
import { type PanelOptions, panel } from './panels.ts';

const OPTIONS = { showHeader: true, cellHeight: 'sm' };

/** The greatest values of a dimension as a table; those of products lead to the dashboard of the product. */
export function table(query: ShopQuery & { groupBy: string }, options: PanelOptions): Panel {
  const { color = 'green' } = options;
  const toProduct = {
    title: 'This product',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills these in.
    url: '/d/products?var-shop=${shop}&var-product=${__value.raw}&${__url_time_range}',
  };
  return panel('table', [{ ...query, format: 'table', exact: true }], options, {
    fieldConfig: {
      defaults: {
        custom: { align: 'auto', minWidth: 90, cellOptions: { type: 'auto' } },
        color: { mode: 'fixed', fixedColor: color },
      },
      overrides:
        query.groupBy === 'sku'
          ? [
              {
                matcher: { id: 'byType', options: 'string' },
                properties: [
                  { id: 'links', value: [toProduct] },
                  // Names are longer than numbers.
                  { id: 'custom.width', value: options.width < 12 ? 260 : 300 },
                ],
              },
            ]
          : [],
    },
    options: OPTIONS,
  });
}

/** Hours as rows, weekdays as columns, the darker the more. */
export function hoursByWeekday(metric: string, options: PanelOptions): Panel {
  const weekday = timeDimensions.get('weekday')!;
  const hour = timeDimensions.get('hour_of_day')!;
  const query: ShopQuery = { metric, groupBy: hour.name, thenBy: weekday.name, format: 'table' };
  const valueField = catalog.metrics.get(metric)?.title;
  return panel('table', [query], options, {
    transformations: [
      {
        id: 'groupingToMatrix',
        options: { rowField: hour.title, columnField: weekday.title, valueField, emptyValue: 'null' },
      },
    ],
    fieldConfig: {
      defaults: {
        noValue: '',
        min: 0,
        decimals: 0,
        color: { mode: 'continuous-blues' },
        custom: { align: 'center', minWidth: 40, cellOptions: { type: 'color-background', mode: 'basic' } },
      },
      overrides: [
        {
          matcher: { id: 'byType', options: 'string' },
          properties: [
            { id: 'displayName', value: 'Hour' },
            { id: 'custom.cellOptions', value: { type: 'auto' } },
            { id: 'custom.width', value: 60 },
          ],
        },
        // The columns are all called as the metric is, until they are told what they are of.
        ...weekday.domain.values.map((day) => ({
          matcher: { id: 'byName', options: day },
          properties: [{ id: 'displayName', value: day.slice(0, 3) }],
        })),
      ],
    },
    options: OPTIONS,
  });
}

/** Customers by the month of their first order as rows, months since as columns: the darker, the more of them ordered in it. */
export function cohorts(options: PanelOptions): Panel {
  const colors = ['transparent', 'super-light-blue', 'light-blue', 'blue', 'semi-dark-blue', 'dark-blue'];
  const bounds = [null, 0.0001, 0.1, 0.2, 0.3, 0.5];
  const plain = { id: 'custom.cellOptions', value: { type: 'auto' } };
  return panel('table', [{ queryType: 'cohort', months: 12, share: true }], options, {
    fieldConfig: {
      defaults: {
        noValue: '',
        custom: { align: 'center', minWidth: 60, cellOptions: { type: 'color-background', mode: 'basic' } },
        color: { mode: 'thresholds' },
        thresholds: {
          mode: 'absolute',
          steps: colors.map((color, i) => ({ value: bounds[i], color })),
        },
      },
      overrides: [
        {
          matcher: { id: 'byType', options: 'string' },
          properties: [plain, { id: 'custom.width', value: 110 }],
        },
        { matcher: { id: 'byType', options: 'number' }, properties: [{ id: 'decimals', value: 0 }] },
        {
          matcher: { id: 'byName', options: 'Customers' },
          properties: [plain, { id: 'custom.width', value: 100 }],
        },
      ],
    },
    options: OPTIONS,
  });
}

/** Orders one by one, the latest first. */
export function latestOrders(limit: number, options: PanelOptions): Panel {
  const names = ['Event time', 'Order id', 'Country', 'Channel', 'Payment method', 'Total'];
  return panel('table', [{ queryType: 'records', records: 'orders', limit }], options, {
    transformations: [{ id: 'filterFieldsByName', options: { include: { names } } }],
    fieldConfig: {
      defaults: { custom: { align: 'auto', minWidth: 110, cellOptions: { type: 'auto' } } },
      overrides: [
        { matcher: { id: 'byType', options: 'time' }, properties: [{ id: 'custom.width', value: 160 }] },
      ],
    },
    options: OPTIONS,
  });
}
