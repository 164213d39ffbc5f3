import { type Static, Type } from 'typebox';
import { SHOP_PATTERN } from '../ids.ts';
import { literals } from '../literals.ts';
import { RECORD_KINDS, type RecordKind } from './model.ts';
import { recordSchema } from './schemas.ts';
import { RECORDS } from './specs.ts';

/** What a search looks through, by kind of record. */
export interface SearchedFields {
  /** Whether records are found by the begin of their id, as it is spelled. */
  readonly byId: boolean;
  /** Fields that are found by their begin. */
  readonly begins: readonly string[];
  /** Fields that are found by whole words in them. */
  readonly words: readonly string[];
}

/** What a search looks through. */
export const SEARCHED: Readonly<Record<RecordKind, SearchedFields>> = {
  orders: { byId: true, begins: [], words: [] },
  customers: { byId: true, begins: ['name', 'email'], words: ['name', 'email', 'city'] },
  products: { byId: true, begins: ['name'], words: ['name', 'category', 'supplier'] },
  reviews: { byId: false, begins: [], words: ['text'] },
};

/** How begins of fields are compared: neither case nor accents matter. Their indexes are built with it. */
export const SEARCH_COLLATION = { locale: 'en', strength: 1 } as const;

/** How a record was found: by the begin of its id, the begin of a field, or words. */
export const MATCHES = ['id', 'begin', 'words'] as const;
/** How a record was found. */
export type Match = (typeof MATCHES)[number];

/** Records of a kind that a search answers when the request does not say how many. */
export const DEFAULT_FOUND = 5;

/** The parameters of `GET /api/v1/search`. */
export const SearchQuery = Type.Object(
  {
    shop: Type.String({ pattern: SHOP_PATTERN }),
    q: Type.String({
      ...{ minLength: 1, maxLength: 100, pattern: '\\S' },
      description: 'the begin of an id, a name or an e-mail address, or words',
    }),
    kinds: Type.Optional(
      Type.Array(literals(RECORD_KINDS), {
        ...{ minItems: 1, maxItems: RECORD_KINDS.length },
        description: 'may be repeated; all that the caller may search when absent',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 20, default: DEFAULT_FOUND, description: 'records of each kind' }),
    ),
  },
  { additionalProperties: false },
);
/** The parameters of `GET /api/v1/search`. */
export type SearchQuery = Static<typeof SearchQuery>;

/** Answer of `GET /api/v1/search`. */
export const SearchResponse = Type.Object({
  results: Type.Array(
    Type.Object({
      kind: literals(RECORD_KINDS),
      match: literals(MATCHES, {
        description: 'how it was found: by the begin of its id or of a field, or by words in it',
      }),
      record: Type.Union(RECORD_KINDS.map((kind) => recordSchema(RECORDS[kind]))),
    }),
    { description: 'what fits best first' },
  ),
  searched: Type.Array(literals(RECORD_KINDS), { description: 'the kinds that were looked through' }),
  currency: Type.String({ description: 'ISO 4217 code of the amounts' }),
});
/** Answer of `GET /api/v1/search`. */
export type SearchResponse = Static<typeof SearchResponse>;
