import type { QueryType, StorepulseFilter } from '../types';
import { CLAUSES, type Clause, isClause, typeOfText } from './clauses';
import { type CodeQuery, NUMBER } from './printCode';
import { keywordOf, type Token, tokenize } from './tokens';

/** Something that is wrong in a text, and where: from inclusive, to exclusive. */
export interface CodeFault {
  message: string;
  from: number;
  to: number;
}

/** Names in a text, and where they stand. */
export interface NamedToken {
  names: 'metric' | 'shop' | 'dimension' | 'interval' | 'comparison' | 'currency' | 'step' | 'records';
  token: Token;
}

/** A query's text that was read, or the first fault in it. */
export type ParsedCode =
  | { kind: 'query'; query: CodeQuery; named: NamedToken[] }
  | { kind: 'fault'; fault: CodeFault };

/** Thrown at the token that can't stand where it does. */
class UnreadableCode extends Error {
  readonly token: Token;

  constructor(message: string, token: Token) {
    super(message);
    this.token = token;
  }
}

/**
 * Reads a query's text: a metric or several, or the name of another type of query, then its clauses in any order, each once. It reads
 * back what `printCode` has printed.
 *
 *     net_sales of demo by country where device = "mobile" and channel in ("search", "email") every 1h vs previous_week top 5 as table exact
 *     net_sales, orders, aov by country every 1d
 *     distribution checkout_latency of demo every 1h
 *     funnel (visited, viewed, ordered) of demo by device where country = "DE" top 5 open
 *     cohort of demo where channel = "email" months 6 share
 *     events of demo where type in ("payment_failed", "order_cancelled") first 100
 *     records orders of demo where country = "DE" sort -total first 20
 *     records products of demo search "blue mug"
 */
export function parseCode(text: string): ParsedCode {
  const reader = createReader(text);
  try {
    return { kind: 'query', ...readQuery(reader) };
  } catch (error) {
    if (!(error instanceof UnreadableCode)) {
      throw error;
    }
    const { from, to } = error.token;
    return { kind: 'fault', fault: { message: error.message, from, to } };
  }
}

type Reader = ReturnType<typeof createReader>;

function createReader(text: string) {
  const tokens = tokenize(text);
  const end: Token = { kind: 'sign', value: '', from: text.length, to: text.length };
  let at = 0;
  const peek = () => tokens[at] ?? end;
  const next = () => {
    const token = peek();
    at++;
    return token;
  };
  return {
    isAtEnd: () => at >= tokens.length,
    peek,
    next,
    /** Takes the next token where it is that keyword or sign. */
    take: (wanted: string) => {
      const token = peek();
      const isWanted = keywordOf(token) === wanted || (token.kind === 'sign' && token.value === wanted);
      if (isWanted) {
        at++;
      }
      return isWanted;
    },
    /** The next token as a name or value. @throws {UnreadableCode} */
    name: (what: string) => {
      const token = next();
      if (token.kind === 'broken') {
        throw new UnreadableCode(
          'This quoted text has no end, or a \\ that means nothing. Write \\" and \\\\ for a quote and a \\ inside.',
          token,
        );
      }
      if (token === end) {
        throw new UnreadableCode(`${what} is missing: the text ends here.`, token);
      }
      if (token.kind === 'sign') {
        throw new UnreadableCode(`${what} is missing: there is ${token.value} in its place.`, token);
      }
      if (keywordOf(token)) {
        throw new UnreadableCode(
          `${what} is missing: there is ${token.value} in its place. As a name it is written "${token.value}".`,
          token,
        );
      }
      return token;
    },
  };
}

function readQuery(reader: Reader): { query: CodeQuery; named: NamedToken[] } {
  const query: CodeQuery = {};
  const named: NamedToken[] = [];
  const seen = new Set<Clause>();
  const type = readBegin(reader, query, named);
  while (!reader.isAtEnd()) {
    const token = reader.next();
    const keyword = keywordOf(token);
    if (!isClause(keyword) || !CLAUSES[type].includes(keyword)) {
      throw new UnreadableCode(
        `${token.value} can’t stand here. A clause begins with ${CLAUSES[type].slice(0, -1).join(', ')} or ${CLAUSES[type].at(-1)}.`,
        token,
      );
    }
    if (seen.has(keyword)) {
      throw new UnreadableCode(`"${keyword}" is there twice. Remove one.`, token);
    }
    seen.add(keyword);
    READ[keyword](reader, query, named);
  }
  return { query, named };
}

/** Reads what stands before the clauses, and returns the type that it tells. */
function readBegin(reader: Reader, query: CodeQuery, named: NamedToken[]): QueryType {
  if (reader.isAtEnd() || keywordOf(reader.peek())) {
    return 'metric';
  }
  const type = typeOfText(reader.peek());
  const token = reader.name('The metric');
  if (type === 'metric') {
    named.push({ names: 'metric', token });
    query.metric = token.value;
    const further: string[] = [];
    while (reader.take(',')) {
      further.push(readName(reader, named, 'metric', 'The next metric'));
    }
    if (further.length > 0) {
      query.furtherMetrics = further;
    }
    return type;
  }
  query.queryType = type;
  const isNamed = !reader.isAtEnd() && !keywordOf(reader.peek());
  if (type === 'records' && isNamed) {
    query.records = readName(reader, named, 'records', 'What is listed');
  }
  if (type === 'distribution' && isNamed) {
    query.metric = readName(reader, named, 'metric', 'The metric');
  }
  const { kind, value } = reader.peek();
  if (type === 'funnel' && kind === 'sign' && value === '(') {
    const steps = readList(reader, 'The step');
    named.push(...steps.map((step) => ({ names: 'step' as const, token: step })));
    query.steps = steps.map((step) => step.value);
  }
  return type;
}

type ReadClause = (reader: Reader, query: CodeQuery, named: NamedToken[]) => void;

/** Reads what follows the word that begins a clause. */
const READ: Readonly<Record<Clause, ReadClause>> = {
  of: (reader, query, named) => {
    query.shop = readName(reader, named, 'shop', 'The shop');
  },
  by: (reader, query, named) => {
    query.groupBy = readName(reader, named, 'dimension', 'The dimension');
    if (!query.queryType && reader.take(',')) {
      query.thenBy = readName(reader, named, 'dimension', 'The second dimension');
    }
  },
  every: (reader, query, named) => {
    query.interval = readName(reader, named, 'interval', 'The interval');
  },
  vs: (reader, query, named) => {
    query.compareTo = readName(reader, named, 'comparison', 'The earlier time');
  },
  currency: (reader, query, named) => {
    query.currency = readName(reader, named, 'currency', 'The currency');
  },
  top: (reader, query) => {
    query.limit = readCount(reader);
  },
  search: (reader, query) => {
    query.search = reader.name('What is searched').value;
  },
  sort: (reader, query) => {
    query.sort = reader.name('The order').value;
  },
  first: (reader, query) => {
    query.limit = readCount(reader);
  },
  months: (reader, query) => {
    query.months = readCount(reader);
  },
  as: (reader, query) => {
    const token = reader.name('The format');
    if (token.value !== 'table' && token.value !== 'time_series') {
      throw new UnreadableCode(`${token.value} is no format. Write table or time_series.`, token);
    }
    query.format = token.value;
  },
  cumulative: (_reader, query) => {
    query.cumulative = true;
  },
  share: (_reader, query) => {
    query.share = true;
  },
  open: (_reader, query) => {
    query.open = true;
  },
  live: (_reader, query) => {
    query.live = true;
  },
  exact: (_reader, query) => {
    query.exact = true;
  },
  where: (reader, query, named) => {
    query.filters = [];
    do {
      query.filters.push(readFilter(reader, named));
    } while (reader.take('and'));
  },
};

function readName(reader: Reader, named: NamedToken[], names: NamedToken['names'], what: string): string {
  const token = reader.name(what);
  named.push({ names, token });
  return token.value;
}

function readCount(reader: Reader): number | string {
  const { kind, value } = reader.name('The number');
  return kind === 'word' && NUMBER.test(value) ? Number(value) : value;
}

function readFilter(reader: Reader, named: NamedToken[]): StorepulseFilter {
  const dimension = readName(reader, named, 'dimension', 'The dimension');
  if (reader.take('=')) {
    return { dimension, operator: 'in', values: [reader.name('The value').value] };
  }
  if (reader.take('!=')) {
    return { dimension, operator: 'not_in', values: [reader.name('The value').value] };
  }
  if (reader.take('in')) {
    return { dimension, operator: 'in', values: readValues(reader) };
  }
  if (reader.take('not') && reader.take('in')) {
    return { dimension, operator: 'not_in', values: readValues(reader) };
  }
  throw new UnreadableCode('A filter goes on with =, !=, in or not in.', reader.peek());
}

const readValues = (reader: Reader) => readList(reader, 'The value').map(({ value }) => value);

/** Reads names or values in parentheses. */
function readList(reader: Reader, what: string): Token[] {
  if (!reader.take('(')) {
    throw new UnreadableCode('Values stand in parentheses: in ("a", "b").', reader.peek());
  }
  const items: Token[] = [];
  while (!reader.take(')')) {
    if (items.length > 0 && !reader.take(',')) {
      throw new UnreadableCode(
        'Values are parted by commas, and end with a parenthesis: in ("a", "b").',
        reader.peek(),
      );
    }
    items.push(reader.name(what));
  }
  return items;
}
