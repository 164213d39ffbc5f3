import { catalog } from '@storepulse/contracts';
import { figureLook, graphLook, type Json, REDUCE, refOf } from './looks.ts';
import { type Panel, type ShopQuery, STOREPULSE } from './model.ts';

/** Where a panel is, and what is said of it beside the definitions of its metrics. */
export interface PanelOptions {
  title: string;
  /** After the definitions. @default nothing */
  note?: string;
  width: number;
  height: number;
  /** @default green */
  color?: string;
  /** A length of time that ends now, instead of the dashboard's range. */
  last?: string;
  /** What each query is called in the panel. @default the title of its metric */
  names?: readonly string[];
}

const ROWS = { values: true, calcs: [], fields: '', limit: 25 };

/** One large figure, over the whole range. */
export function figure(query: ShopQuery, options: PanelOptions, steps?: readonly object[]): Panel {
  const { color = 'green' } = options;
  return panel('stat', [{ ...query, format: 'table', exact: true }], options, figureLook(color, steps));
}

/** Lines over time, or bars where each stands for what happened in its bucket. */
export function graph(
  queries: readonly ShopQuery[],
  options: PanelOptions & { bars?: true; colors?: readonly string[] },
): Panel {
  return panel('timeseries', queries, options, graphLook(options));
}

/** The values of a dimension as bars, or several metrics as one bar each. */
export function bars(queries: readonly ShopQuery[], options: PanelOptions): Panel {
  const { color = 'green', names = [] } = options;
  const exact = queries.map((query): ShopQuery => ({ ...query, format: 'table', exact: true }));
  return panel('bargauge', exact, options, {
    fieldConfig: {
      defaults: { color: { mode: 'fixed', fixedColor: color }, min: 0, noValue: '–' },
      overrides: names.map((value, index) => ({
        matcher: { id: 'byFrameRefID', options: refOf(index) },
        properties: [{ id: 'displayName', value }],
      })),
    },
    options: {
      reduceOptions: queries.some(({ groupBy }) => groupBy) ? ROWS : REDUCE,
      orientation: 'horizontal',
      displayMode: 'gradient',
      valueMode: 'text',
      namePlacement: 'left',
      text: { valueSize: 16 },
      showUnfilled: true,
      sizing: 'auto',
      minVizWidth: 8,
      minVizHeight: 16,
      maxVizHeight: 36,
    },
  });
}

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
    options: { showHeader: true, cellHeight: 'sm' },
  });
}

function panel(type: string, queries: readonly ShopQuery[], options: PanelOptions, look: Json): Panel {
  const { title, note, width, height, last } = options;
  const definitions = [...new Set(queries.map(({ metric }) => metric))].map(definitionOf);
  const description = [...definitions, ...(note === undefined ? [] : [note])].join('\n\n');
  const targets = queries.map(toTarget);
  const range = last === undefined ? {} : { timeFrom: last, hideTimeOverride: true };
  const json = { type, description, datasource: STOREPULSE, targets, ...look, ...range };
  return { title, width, height, json };
}

function definitionOf(name: string): string {
  const metric = catalog.metrics.get(name);
  if (!metric) throw new RangeError(`${name} is not in the catalogue`);
  return `**${metric.title}**: ${metric.description}`;
}

function toTarget({ only, ...query }: ShopQuery, index: number): Json {
  const filters = only && [{ dimension: only.dimension, operator: 'in', values: [`$${only.variable}`] }];
  return {
    refId: refOf(index),
    datasource: STOREPULSE,
    shop: '$shop',
    ...query,
    ...(filters ? { filters } : {}),
  };
}
