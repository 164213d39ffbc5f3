import { COMPARISONS } from '@storepulse/contracts/comparisons';
import { EVENT_FIELDS } from '@storepulse/contracts/grafana/event-fields';
import { QUERY_TYPES } from '@storepulse/contracts/grafana/query-types';
import { namesOfKind, RECORD_KINDS } from '@storepulse/contracts/grafana/record-kinds';
import { INTERVALS } from '@storepulse/contracts/intervals';
import { VISIT_STEPS } from '@storepulse/contracts/visit-steps';
import type { Catalog, CatalogMetric } from '../api/catalog';
import { currenciesOf } from '../query/currencies';
import { distributionsOf } from '../query/distributions';
import { listDimensions } from '../query/listDimensions';
import { STEPS } from '../query/steps';
import { withMetrics } from '../query/withMetrics';
import type { StorepulseQuery } from '../types';
import { CLAUSES, TYPE_WORDS, typeOfText } from './clauses';
import { BEGINNINGS, type Expected, expectedAfter, filterAt } from './expectedAfter';
import { keywordOf, quote, type Token, tokenize } from './tokens';

/** One thing to go on with. */
export interface Completion {
  label: string;
  /** What is put into the text. */
  insert: string;
  /** Its title or kind. */
  detail: string;
  /** Its definition, where there is one. */
  documentation?: string;
}

/** What a text can go on with at a place. */
export interface Completions {
  /** The part of the text that a completion replaces. */
  from: number;
  to: number;
  items: Completion[];
}

/** What completions are taken from. */
export interface CompletionSources {
  catalog: Catalog | undefined;
  /** References to the dashboard's variables, such as `$shop`. */
  variables: readonly string[];
  /** Values of a dimension that have a text in them, in the shop that the text names, if it does. */
  listValues: (dimension: string, contains: string, shop: string | undefined) => Promise<string[]>;
}

/** Completes a query's text at a place in it, as far as the place says what may stand there. */
export async function completeCode(
  text: string,
  offset: number,
  sources: CompletionSources,
): Promise<Completions> {
  const tokens = tokenize(text.slice(0, offset));
  const shop = shopIn(tokenize(text));
  const last = tokens.at(-1);
  // The word that the cursor stands behind is still being typed.
  const typed = last && last.to === offset && last.kind !== 'sign' ? last : undefined;
  const before = typed ? tokens.slice(0, -1) : tokens;
  const expected = expectedAfter(before);
  const from = typed?.from ?? offset;
  const to = typed?.kind === 'broken' && text[offset] === '"' ? offset + 1 : offset;
  const items = await list(expected, { sources, before, shop, typed: typed?.value.replace(/^"/, '') ?? '' });
  return { from, to, items };
}

interface Place {
  sources: CompletionSources;
  before: readonly Token[];
  shop: string | undefined;
  /** What has been typed of the word, without a quote. */
  typed: string;
}

async function list(expected: Expected, { sources, before, shop, typed }: Place): Promise<Completion[]> {
  const { catalog, variables } = sources;
  const references = variables.map((name) => plain(name, 'Dashboard variable'));
  switch (expected.kind) {
    case 'metric':
      return [
        ...(catalog?.metrics ?? []).map(metricItem),
        ...TYPE_WORDS.map((type) => word(type, QUERY_TYPES[type].description)),
        ...references,
      ];
    case 'next metric': {
      const there = metricsIn(before);
      return [
        ...(catalog?.metrics ?? []).filter(({ name }) => !there.includes(name)).map(metricItem),
        ...references,
      ];
    }
    case 'distribution':
      return [...distributionsOf(catalog).map(metricItem), ...references];
    case 'step':
      return [...VISIT_STEPS.map((step) => word(step, STEPS[step].description)), ...references];
    case 'shop':
      return [...(catalog?.shops ?? []).map(({ shop, name }) => plain(shop, name || shop)), ...references];
    case 'split':
    case 'dimension':
      return [...dimensionsOf(before, catalog), ...references];
    case 'interval':
      return [...INTERVALS.map((interval) => plain(interval, 'Interval')), ...references];
    case 'comparison':
      return [...COMPARISONS.map((earlier) => plain(earlier, 'Earlier time')), ...references];
    case 'currency':
      return [...currenciesOf(catalog).map((code) => plain(code, 'Currency')), ...references];
    case 'records':
      return [...RECORD_KINDS.map((kind) => word(kind, 'Records')), ...references];
    case 'sort': {
      const { sorts } = namesOfKind(before[1]?.value) ?? { sorts: [] };
      return [...sorts.map((sort) => word(sort, 'Order')), ...references];
    }
    case 'number':
    case 'text':
      return references;
    case 'format':
      return [
        word('table', 'One row per value over the whole range'),
        word('time_series', 'A value per interval'),
      ];
    case 'operator':
      return ['=', '!=', 'in', 'not in'].map((operator) => word(operator, 'Operator'));
    case 'list':
      return [word('(', 'List of values')];
    case 'value': {
      const { values: closed } =
        (typeOfText(before[0]) === 'events' && EVENT_FIELDS[expected.dimension]) || {};
      const values = closed ?? (await sources.listValues(expected.dimension, typed, shop));
      return [
        ...values.map((value) => ({
          label: value,
          insert: JSON.stringify(value),
          detail: expected.dimension,
        })),
        ...references,
      ];
    }
    case 'clause':
      return clausesAfter(before);
  }
}

/** The shop that a text names, wherever in it. */
function shopIn(tokens: readonly Token[]): string | undefined {
  const at = tokens.findIndex((token) => keywordOf(token) === 'of');
  return at < 0 ? undefined : tokens[at + 1]?.value;
}

/** The dimensions that the text's query has; all of them where that is not known. */
function dimensionsOf(before: readonly Token[], catalog: Catalog | undefined): Completion[] {
  const [first, second] = before;
  const type = typeOfText(first);
  const metrics = type === 'distribution' ? [second?.value ?? ''] : metricsIn(before);
  const query: StorepulseQuery = {
    ...withMetrics({ refId: '', queryType: type }, metrics),
    ...(second ? { records: second.value } : {}),
  };
  return listDimensions(query, catalog).map(({ name, title, description }) => ({
    ...plain(name, title),
    documentation: description,
  }));
}

/** The metrics that a text begins with. */
function metricsIn(before: readonly Token[]): string[] {
  const end = before.findIndex((token) => keywordOf(token));
  const begin = end < 0 ? before : before.slice(0, end);
  return begin.filter(({ kind }) => kind !== 'sign').map(({ value }) => value);
}

/** The clauses that are not there yet; `and` within the filters. */
function clausesAfter(before: readonly Token[]): Completion[] {
  const there = new Set(before.map(keywordOf));
  const clauses = CLAUSES[typeOfText(before[0])]
    .filter((clause) => !there.has(clause))
    .map((clause) => word(clause, BEGINNINGS[clause].detail));
  return filterAt(before) ? [word('and', 'Another filter'), ...clauses] : clauses;
}

const metricItem = ({ name, title, description, unit }: CatalogMetric): Completion => ({
  ...plain(name, `${title} · ${unit}`),
  documentation: description,
});
const plain = (name: string, detail: string): Completion => ({ label: name, insert: quote(name), detail });
const word = (text: string, detail: string): Completion => ({ label: text, insert: text, detail });
