import { type Clause, isClause, typeOfText } from './clauses';
import { keywordOf, type Token } from './tokens';

/** What may stand at a place. */
export type Expected =
  | {
      kind:
        | 'metric'
        | 'next metric'
        | 'clause'
        | 'shop'
        | 'split'
        | 'dimension'
        | 'operator'
        | 'interval'
        | 'comparison'
        | 'currency'
        | 'number'
        | 'format'
        | 'list'
        | 'step'
        | 'records'
        | 'distribution'
        | 'sort'
        | 'text';
    }
  | { kind: 'value'; dimension: string };

/** What each word begins. */
export const BEGINNINGS: Readonly<Record<Clause, { expected: Expected; detail: string }>> = {
  of: { expected: { kind: 'shop' }, detail: 'Shop' },
  by: { expected: { kind: 'split' }, detail: 'Dimension to split by' },
  where: { expected: { kind: 'dimension' }, detail: 'Filters' },
  every: { expected: { kind: 'interval' }, detail: 'Interval' },
  vs: { expected: { kind: 'comparison' }, detail: 'Earlier time to compare with' },
  currency: { expected: { kind: 'currency' }, detail: 'Money in another currency' },
  top: { expected: { kind: 'number' }, detail: 'Largest values to keep' },
  cumulative: { expected: { kind: 'clause' }, detail: 'Running totals' },
  share: {
    expected: { kind: 'clause' },
    detail: 'Shares: of the total in a table, of their customers in cohorts',
  },
  open: { expected: { kind: 'clause' }, detail: 'Each step counts by itself, whatever came before' },
  search: { expected: { kind: 'text' }, detail: 'The begin of an id or a name, or words' },
  sort: { expected: { kind: 'sort' }, detail: 'Order' },
  first: { expected: { kind: 'number' }, detail: 'How many are shown' },
  months: { expected: { kind: 'number' }, detail: 'Months after the first order' },
  as: { expected: { kind: 'format' }, detail: 'Format' },
  exact: { expected: { kind: 'clause' }, detail: 'All digits' },
  live: { expected: { kind: 'clause' }, detail: 'Goes on with what changes' },
};

/** What may stand behind some tokens of a text. */
export function expectedAfter(before: readonly Token[]): Expected {
  const last = before.at(-1);
  if (!last) {
    return { kind: 'metric' };
  }
  if (typeOfText(before[0]) === 'funnel' && (before.length === 1 || isInSteps(before))) {
    return stepAfter(last);
  }
  if (typeOfText(before[0]) === 'records' && before.length === 1) {
    return { kind: 'records' };
  }
  if (typeOfText(before[0]) === 'distribution' && before.length === 1) {
    return { kind: 'distribution' };
  }
  const isBegin = !before.some((token) => isClause(keywordOf(token)));
  if (isBegin && last.kind === 'sign' && last.value === ',') {
    return { kind: 'next metric' };
  }
  const keyword = keywordOf(last);
  if (isClause(keyword)) {
    return BEGINNINGS[keyword].expected;
  }
  if (keyword === 'and') {
    return { kind: 'dimension' };
  }
  if (last.value === ',' && before.length > 2 && keywordOf(before.at(-3)!) === 'by') {
    return { kind: 'split' };
  }
  const inFilter = filterAt(before);
  if (!inFilter) {
    return { kind: 'clause' };
  }
  const [dimension, ...rest] = inFilter;
  const isOpen = rest.some(({ value, kind }) => kind === 'sign' && value === '(') && last.value !== ')';
  if (!dimension) {
    return { kind: 'dimension' };
  }
  if (rest.length === 0) {
    return { kind: 'operator' };
  }
  if (last.kind === 'sign' && ['=', '!='].includes(last.value)) {
    return { kind: 'value', dimension: dimension.value };
  }
  if (isOpen) {
    return last.value === '(' || last.value === ','
      ? { kind: 'value', dimension: dimension.value }
      : { kind: 'clause' };
  }
  return keyword === 'in' ? { kind: 'list' } : keyword === 'not' ? { kind: 'operator' } : { kind: 'clause' };
}

/** Whether a text ends within the steps of a funnel, which stand in parentheses behind its name. */
function isInSteps([, open, ...rest]: readonly Token[]): boolean {
  return (
    open?.kind === 'sign' &&
    open.value === '(' &&
    !rest.some(({ kind, value }) => kind === 'sign' && value === ')')
  );
}

function stepAfter(last: Token): Expected {
  if (last.kind === 'sign') {
    return { kind: 'step' };
  }
  return typeOfText(last) === 'funnel' ? { kind: 'list' } : { kind: 'clause' };
}

/** The tokens of the filter that the text ends in; undefined when its last clause is another one. */
export function filterAt(before: readonly Token[]): Token[] | undefined {
  const begin = [...before].reverse().find((token) => {
    const keyword = keywordOf(token);
    return keyword === 'and' || isClause(keyword);
  });
  const begins = begin && keywordOf(begin);
  return begins === 'where' || begins === 'and' ? before.slice(before.indexOf(begin!) + 1) : undefined;
}
