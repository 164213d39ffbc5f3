import { COMPARISONS } from '@storepulse/contracts/comparisons';
import { readInterval } from '@storepulse/contracts/grafana/read-interval';
import { RECORD_KINDS } from '@storepulse/contracts/grafana/record-kinds';
import { hasVariable } from '@storepulse/contracts/grafana/references';
import { VISIT_STEPS } from '@storepulse/contracts/visit-steps';
import type { Catalog } from '../api/catalog';
import type { CodeFault, NamedToken } from './parseCode';

/**
 * Names in a query's text that the catalogue does not have, each with its place. They are told, and the query is kept:
 * the exporter may know more by now. Variables can be anything.
 */
export function judgeNames(named: readonly NamedToken[], catalog: Catalog | undefined): CodeFault[] {
  return named.flatMap(({ names, token: { value, from, to } }) => {
    const message = hasVariable(value) ? undefined : JUDGES[names](value, catalog);
    return message === undefined ? [] : [{ message, from, to }];
  });
}

type Judge = (name: string, catalog: Catalog | undefined) => string | undefined;

const JUDGES: Record<NamedToken['names'], Judge> = {
  metric: (name, catalog) =>
    lacks(
      catalog?.metrics.map((metric) => metric.name),
      name,
    )
      ? `There is no metric ${name}.`
      : undefined,
  shop: (name, catalog) =>
    lacks(
      catalog?.shops.map(({ shop }) => shop),
      name,
    )
      ? `There is no shop ${name}.`
      : undefined,
  dimension: (name, catalog) =>
    lacks(
      catalog?.dimensions.map((dimension) => dimension.name),
      name,
    )
      ? `There is no dimension ${name}.`
      : undefined,
  interval: (name) =>
    readInterval(name) ? undefined : `${name} is no interval: write one such as 1h, 1d, 1M or all.`,
  step: (name) =>
    lacks(VISIT_STEPS, name) ? `${name} is no step: write ${VISIT_STEPS.join(', ')}.` : undefined,
  records: (name) =>
    lacks(RECORD_KINDS, name) ? `There are no records ${name}: write ${RECORD_KINDS.join(', ')}.` : undefined,
  currency: (name) =>
    /^[a-z]{3}$/i.test(name) ? undefined : `${name} is no currency: write its code, such as EUR.`,
  comparison: (name) =>
    lacks(COMPARISONS, name) ? `${name} is no earlier time: write ${COMPARISONS.join(', ')}.` : undefined,
};

function lacks(names: readonly string[] | undefined, name: string): boolean {
  return names !== undefined && names.length > 0 && !names.includes(name);
}
