import { QUERY_TYPES } from '@storepulse/contracts/grafana/query-types';
import type { QueryType } from '../types';
import type { Keyword, Token } from './tokens';

/** A word that begins a clause. */
export type Clause = Exclude<Keyword, 'and' | 'not' | 'in'>;

/** The clauses of each type of query, in the order that they are printed in. */
export const CLAUSES: Readonly<Record<QueryType, readonly Clause[]>> = {
  metric: [
    'of',
    'by',
    'where',
    'every',
    'vs',
    'currency',
    'top',
    'cumulative',
    'share',
    'as',
    'exact',
    'live',
  ],
  distribution: ['of', 'where', 'every'],
  funnel: ['of', 'by', 'where', 'top', 'open'],
  cohort: ['of', 'where', 'months', 'share'],
  events: ['of', 'where', 'first', 'live'],
  records: ['of', 'search', 'where', 'sort', 'first'],
};

/**
 * The type that a text is of, by its first word: `distribution`, `funnel`, `cohort`, `events` or `records`; that of a metric begins with the metric's name.
 * Elsewhere these words are names like any other, and in quotes they are one here too.
 */
export function typeOfText(first: Token | undefined): QueryType {
  return (first?.kind === 'word' && typeNamed(first.value)) || 'metric';
}

/** The type that a bare word at the begin of a text stands for; undefined for the name of a metric. */
export function typeNamed(word: string): QueryType | undefined {
  return TYPE_WORDS.find((type) => type === word.toLowerCase());
}

/** Words that a text can begin with instead of a metric. */
export const TYPE_WORDS = (Object.keys(QUERY_TYPES) as QueryType[]).filter((type) => type !== 'metric');

/** Whether a word begins a clause. */
export function isClause(word: Keyword | undefined): word is Clause {
  return word !== undefined && !['and', 'not', 'in'].includes(word);
}
