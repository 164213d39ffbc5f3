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

/** Values of a dimension to choose some of. @param counts what they narrow, in words */
export const choiceOf = (dimension: string, label: string, counts: string) => ({
  ...valuesOf(dimension, dimension, label, `${counts}; the other panels show all`),
  multi: true,
  includeAll: true,
  current: { text: ['All'], value: ['$__all'] },
});

/** One value of a dimension. */
export const oneOf = (name: string, dimension: string, label: string, description: string) => ({
  ...valuesOf(name, dimension, label, description),
  multi: false,
  includeAll: false,
});

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
