/** A piece of a query's text, with where it stands: from inclusive, to exclusive. */
export interface Token {
  /** `broken`: a quoted text without its end, or with an escape that there is not. */
  kind: 'word' | 'text' | 'sign' | 'broken';
  /** What it says; of a quoted text without its quotes. */
  value: string;
  from: number;
  to: number;
}

/** Words that begin or join the clauses of a query; as names they are quoted. */
export const KEYWORDS = [
  'of',
  'by',
  'where',
  'and',
  'not',
  'in',
  'every',
  'vs',
  'currency',
  'top',
  'cumulative',
  'share',
  'as',
  'exact',
  'open',
  'months',
  'first',
  'search',
  'sort',
  'live',
] as const;
/** A word of the language. */
export type Keyword = (typeof KEYWORDS)[number];

const PIECE = /\s*(?:("(?:[^"\\]|\\.)*"?)|(!=|[(),=!])|([^\s"(),=!]+))/suy;

/** Cuts a text into its tokens. Every character but white space belongs to one. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  PIECE.lastIndex = 0;
  for (let match = PIECE.exec(text); match; match = PIECE.exec(text)) {
    const [, quoted, sign, word] = match;
    const to = PIECE.lastIndex;
    const piece = quoted ?? sign ?? word ?? '';
    const at = { from: to - piece.length, to };
    if (quoted !== undefined) {
      const value = unquote(quoted);
      tokens.push(
        value === undefined ? { kind: 'broken', value: quoted, ...at } : { kind: 'text', value, ...at },
      );
    } else {
      tokens.push({ kind: sign === undefined ? 'word' : 'sign', value: piece, ...at });
    }
  }
  return tokens;
}

/** The keyword that a token is, in whatever case it is written. */
export function keywordOf({ kind, value }: Token): Keyword | undefined {
  return kind === 'word' ? KEYWORDS.find((keyword) => keyword === value.toLowerCase()) : undefined;
}

/** A name or value as it is written: bare where that is read as the same, quoted elsewhere. */
export function quote(value: string): string {
  const isBare = /^[\p{L}\p{N}_$.:{}[\]/+-]+$/u.test(value);
  return isBare && !(KEYWORDS as readonly string[]).includes(value.toLowerCase())
    ? value
    : JSON.stringify(value);
}

/** Quoted texts are those of JSON, but may also go over lines. */
function unquote(quoted: string): string | undefined {
  try {
    const value: unknown = JSON.parse(
      quoted.replace(/[\n\r\t]/g, (space) => JSON.stringify(space).slice(1, -1)),
    );
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
