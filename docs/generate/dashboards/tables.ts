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
        custom: { align: 'auto', cellOptions: { type: 'auto' } },
        color: { mode: 'fixed', fixedColor: color },
      },
      overrides:
        query.groupBy === 'sku'
          ? [
              {
                matcher: { id: 'byType', options: 'string' },
                properties: [{ id: 'links', value: [toProduct] }],
              },
            ]
          : [],
    },
    options: OPTIONS,
  });
}

/** Weekdays as rows, hours as columns, the darker the more. */
export function weekByHour(metric: string, options: PanelOptions): Panel {
  const [weekday, hour] = [...timeDimensions.values()] as const;
  const query: ShopQuery = { metric, groupBy: weekday!.name, thenBy: hour!.name, format: 'table' };
  const look = {
    // Columns that are numbers are titled by themselves.
    transformations: [
      {
        id: 'convertFieldType',
        options: { conversions: [{ targetField: hour!.title, destinationType: 'number' }], fields: {} },
      },
      {
        id: 'groupingToMatrix',
        options: {
          rowField: weekday!.title,
          columnField: hour!.title,
          valueField: catalog.metrics.get(metric)?.title,
          emptyValue: 'null',
        },
      },
    ],
    fieldConfig: {
      defaults: {
        noValue: '',
        min: 0,
        decimals: 0,
        color: { mode: 'continuous-blues' },
        custom: { align: 'center', minWidth: 36, cellOptions: { type: 'color-background', mode: 'basic' } },
      },
      overrides: [
        {
          matcher: { id: 'byType', options: 'string' },
          properties: [
            { id: 'custom.cellOptions', value: { type: 'auto' } },
            { id: 'custom.align', value: 'left' },
            { id: 'custom.width', value: 110 },
          ],
        },
      ],
    },
    options: OPTIONS,
  };
  return panel('table', [query], options, look);
}

/** The table of cohorts: which share of the customers whose first order fell in a month ordered in it and in those after it. */
export function cohorts(options: PanelOptions): Panel {
  const query: ShopQuery = { metric: 'retention_rate', groupBy: 'cohort', interval: '1M', limit: 24 };
  const steps = ['transparent', 'super-light-blue', 'light-blue', 'blue', 'semi-dark-blue', 'dark-blue'];
  const bounds = [null, 0.0001, 0.1, 0.2, 0.3, 0.5];
  return panel('table', [query], options, {
    fieldConfig: {
      defaults: {
        noValue: '',
        custom: { align: 'center', cellOptions: { type: 'color-background', mode: 'basic' } },
        color: { mode: 'thresholds' },
        thresholds: {
          mode: 'absolute',
          steps: steps.map((color, i) => ({ value: bounds[i], color })),
        },
      },
      overrides: [
        {
          matcher: { id: 'byType', options: 'time' },
          properties: [
            { id: 'displayName', value: 'Month' },
            { id: 'custom.cellOptions', value: { type: 'auto' } },
            { id: 'custom.width', value: 90 },
          ],
        },
        {
          matcher: { id: 'byType', options: 'number' },
          properties: [
            { id: 'decimals', value: 0 },
            { id: 'custom.width', value: 82 },
          ],
        },
      ],
    },
    options: OPTIONS,
  });
}
