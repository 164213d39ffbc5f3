import { STOREPULSE } from './model.ts';

const COMMON = {
  type: 'query',
  datasource: STOREPULSE,
  regex: '',
  hide: 0,
  skipUrlSync: false,
  current: {},
  options: [],
};

/** The shop that all panels show. */
export const SHOP = {
  ...COMMON,
  name: 'shop',
  label: 'Shop',
  description: 'The shop that all panels show',
  definition: 'Shops',
  query: { refId: 'shops', kind: 'shops' },
  refresh: 1,
  sort: 1,
  multi: false,
  includeAll: false,
};

/** Dimensions that a reader of any dashboard may choose some values of. */
export const CHOICES = ['country', 'channel', 'device'] as const;

const TITLES = { country: 'Country', channel: 'Channel', device: 'Device' } as const;

/** One value of a dimension. */
export const oneOf = (name: string, dimension: string, label: string, description: string) => ({
  ...valuesOf(name, dimension, label, description),
  multi: false,
  includeAll: false,
});

/** Any filter by a dimension of the metrics that a dashboard shows. */
const FILTERS = {
  type: 'adhoc',
  name: 'filters',
  label: 'Filters',
  description:
    'Hours, weekdays, and what else figures are kept by. A panel that a filter does not apply to says so in its corner',
  datasource: STOREPULSE,
  hide: 0,
  skipUrlSync: false,
  baseFilters: [],
  filters: [],
};

/** The variables of a dashboard of a shop. @param own those that it has beside the ones of all */
export const variablesOf = (...own: readonly object[]): readonly object[] => [
  SHOP,
  ...own,
  ...CHOICES.map((dimension) => ({
    ...valuesOf(
      dimension,
      dimension,
      TITLES[dimension],
      'What panels count. One that is not kept by it, or that is split or chosen by another, says so in its corner',
    ),
    multi: true,
    includeAll: true,
    current: { text: ['All'], value: ['$__all'] },
  })),
  FILTERS,
];

const valuesOf = (name: string, dimension: string, label: string, description: string) => ({
  ...COMMON,
  name,
  label,
  description,
  definition: `Values of ${dimension}`,
  query: { refId: name, kind: 'values', dimension, shop: '$shop' },
  // The shop may be another one by now, and new values come.
  refresh: 2,
  sort: 1,
});
