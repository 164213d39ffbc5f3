import {
  add,
  addId,
  addTold,
  addValue,
  type Book,
  type Breakdown,
  emptyBook,
  type Facet,
  facetOf,
  type Tally,
  type Told,
  tallySize,
} from './book.ts';

/** A tally as JSON: a sum; the different ids; the values, each with how often it occurred; or what was told last. */
export type PlainTally = number | string[] | [value: number, times: number][] | Told;

/** Tallies by the names of labels (`country|device`), the labels (`GB|mobile`) and the metric. */
export type PlainBreakdown = Record<string, Record<string, Record<string, PlainTally>>>;

/** A book as JSON. */
export interface PlainBook {
  readonly main: PlainBreakdown;
  readonly further: PlainBreakdown;
}

/** A book as JSON. */
export function plainBook({ main, further }: Book): PlainBook {
  return { main: plainBreakdown(main), further: plainBreakdown(further) };
}

/** The book that some JSON stands for. */
export function parseBook(plain: PlainBook): Book {
  const book = emptyBook();
  for (const part of ['main', 'further'] as const) {
    for (const [names, facets] of Object.entries(plain[part])) {
      for (const [labels, tallies] of Object.entries(facets)) {
        readFacet(facetOf(book[part], names, labels), tallies);
      }
    }
  }
  return book;
}

function plainBreakdown(breakdown: Breakdown): PlainBreakdown {
  const plainFacet = (facet: Facet) =>
    Object.fromEntries([...facet].map(([metric, tally]) => [metric, plainTally(tally)]));
  return Object.fromEntries(
    [...breakdown].map(([names, facets]) => [
      names,
      Object.fromEntries([...facets].map(([labels, facet]) => [labels, plainFacet(facet)])),
    ]),
  );
}

function plainTally(tally: Tally): PlainTally {
  if (tally instanceof Set || tally instanceof Map) return [...tally] as PlainTally;
  return tally;
}

function readFacet(facet: Facet, tallies: Record<string, PlainTally>): void {
  for (const [metric, tally] of Object.entries(tallies)) {
    if (typeof tally === 'number') add(facet, metric, tally);
    else if (!Array.isArray(tally)) addTold(facet, metric, tally);
    else {
      for (const entry of tally) {
        if (typeof entry === 'string') addId(facet, metric, entry);
        else addValue(facet, metric, ...entry);
      }
    }
  }
}

/**
 * Parts a book into several, none with many more tallies' entries than `limit`, so that each fits into a record.
 * A facet stays whole.
 */
export function* splitBook(book: Book, limit: number): Generator<Book> {
  let part = emptyBook();
  let size = 0;
  for (const side of ['main', 'further'] as const) {
    for (const [names, facets] of book[side]) {
      for (const [labels, facet] of facets) {
        let own = 1;
        for (const tally of facet.values()) own += tallySize(tally);
        if (size > 0 && size + own > limit) {
          yield part;
          part = emptyBook();
          size = 0;
        }
        facetOf(part[side], names, labels);
        part[side].get(names)!.set(labels, facet);
        size += own;
      }
    }
  }
  if (size > 0) yield part;
}
