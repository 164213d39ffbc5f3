import { readVariables } from '../query/readVariables';
import { type ResolveContext, resolveQuery } from '../query/resolveQuery';
import type { StorepulseFilter, StorepulseQuery } from '../types';
import { aCatalog } from './fixtures';
import { fakeTemplateSrv } from './services';

/** Values of variables by name. */
export type Variables = Record<string, string | string[]>;

/** What a query is resolved in. */
export const context = (variables: Variables = {}, more: Partial<ResolveContext> = {}): ResolveContext => ({
  readText: readVariables(fakeTemplateSrv(variables), {}),
  catalog: aCatalog(),
  defaultShop: undefined,
  ...more,
});
/** Resolves a query. */
export const resolve = (query: StorepulseQuery, variables?: Variables, more?: Partial<ResolveContext>) =>
  resolveQuery(query, context(variables, more));
/** A filter for some values. */
export const by = (dimension: string, ...values: string[]): StorepulseFilter => ({
  dimension,
  operator: 'in',
  values,
});
/** A filter for all values but some. */
export const not = (dimension: string, ...values: string[]): StorepulseFilter => ({
  ...by(dimension, ...values),
  operator: 'not_in',
});
/** An ad hoc filter of the dashboard. */
export const adHoc = (key: string, value: string, operator = '=') => ({ key, operator, value });
/** What is asked, or why nothing is. */
export const outcome = (...resolving: Parameters<typeof resolve>) => {
  const resolved = resolve(...resolving);
  return resolved.kind === 'ready'
    ? resolved.asked
    : resolved.kind === 'refused'
      ? resolved.reason
      : 'nothing';
};
/** The texts of what is told beside. */
export const remarks = (...resolving: Parameters<typeof resolve>) =>
  resolve(...resolving).remarks.map(({ text }) => text);
/** A query as it is asked. */
export const asked = { shop: 'demo', metric: 'net_sales' };
