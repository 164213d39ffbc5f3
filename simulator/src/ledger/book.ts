/** What was told at a moment, by the event of an id. */
export interface Told {
  readonly time: number;
  readonly id: string;
  readonly value: number;
}

/** What was counted of one metric: a sum, the different ids, how often each value occurred, or what was told last. */
export type Tally = number | Set<string> | Map<number, number> | Told;

/** What was counted under one set of labels, by metric. */
export type Facet = Map<string, Tally>;

/**
 * Facets by the names of their labels (such as `country|device|channel`), then by the labels themselves (such as
 * `GB|mobile|direct`).
 */
export type Breakdown = Map<string, Map<string, Facet>>;

/**
 * What was counted, every single thing once in `main`: a metric's total is the sum of its facets there. `further`
 * has the same things under other labels, where writing all labels together would make a facet of nearly every thing.
 */
export interface Book {
  readonly main: Breakdown;
  readonly further: Breakdown;
}

/** A book without entries. */
export const emptyBook = (): Book => ({ main: new Map(), further: new Map() });

/** What separates labels; none of them contains it. */
const SEPARATOR = '|';
/** Label of what is not known. */
const UNKNOWN = 'unknown';

/** Labels as one text, in the order of their names. */
export function labelled(...labels: readonly (string | null | undefined)[]): string {
  let text = '';
  for (let i = 0; i < labels.length; i++) text += (i > 0 ? SEPARATOR : '') + (labels[i] || UNKNOWN);
  return text;
}

/** The facet of a breakdown under some labels, made when it is new. */
export function facetOf(breakdown: Breakdown, names: string, labels: string): Facet {
  return getOrAdd(getOrAdd(breakdown, names, newMap<Facet>), labels, newMap<Tally>);
}
const newMap = <T>() => new Map<string, T>();

/** Adds an amount to a sum. */
export function add(facet: Facet, metric: string, amount: number): void {
  facet.set(metric, ((facet.get(metric) as number | undefined) ?? 0) + amount);
}

/** Adds someone or something that counts once; null is nobody. */
export function addId(facet: Facet, metric: string, id: string | null): void {
  if (id === null) return;
  const ids = facet.get(metric) as Set<string> | undefined;
  if (ids) ids.add(id);
  else facet.set(metric, new Set([id]));
}

/** Adds a value to those whose distribution, least or greatest is asked for. */
export function addValue(facet: Facet, metric: string, value: number, times = 1): void {
  const values = getOrAdd(facet, metric, () => new Map<number, number>()) as Map<number, number>;
  values.set(value, (values.get(value) ?? 0) + times);
}

/** Keeps what was told last: by time, and by id within an instant. */
export function addTold(facet: Facet, metric: string, told: Told): void {
  const known = facet.get(metric) as Told | undefined;
  const isLater = !known || told.time > known.time || (told.time === known.time && told.id > known.id);
  if (isLater) facet.set(metric, told);
}

/** How many numbers and ids a tally holds. */
export function tallySize(tally: Tally): number {
  return tally instanceof Set || tally instanceof Map ? tally.size : 1;
}

/** Adds all of one book to another. */
export function mergeBooks(into: Book, from: Book): void {
  for (const part of ['main', 'further'] as const) {
    for (const [names, facets] of from[part]) {
      for (const [labels, facet] of facets) mergeFacets(facetOf(into[part], names, labels), facet);
    }
  }
}

/** Adds all of one facet to another. */
export function mergeFacets(into: Facet, from: Facet): void {
  for (const [metric, tally] of from) {
    if (typeof tally === 'number') add(into, metric, tally);
    else if (tally instanceof Set) for (const id of tally) addId(into, metric, id);
    else if (tally instanceof Map) for (const [value, times] of tally) addValue(into, metric, value, times);
    else addTold(into, metric, tally);
  }
}

/** How many numbers and ids a book holds. */
export function bookSize(book: Book): number {
  let size = 0;
  for (const [, , facet] of facetsOf(book)) {
    for (const tally of facet.values()) size += tallySize(tally);
  }
  return size;
}

/** All facets with the names of their labels and the labels. */
export function* facetsOf({ main, further }: Book): Generator<[names: string, labels: string, facet: Facet]> {
  for (const breakdown of [main, further]) {
    for (const [names, facets] of breakdown)
      for (const [labels, facet] of facets) yield [names, labels, facet];
  }
}

/** Each of a facet's labels with its name. */
export function labelsOf(names: string, labels: string): [name: string, label: string][] {
  const texts = labels.split(SEPARATOR);
  return names.split(SEPARATOR).map((name, index) => [name, texts[index]!]);
}

/** The value of a key, made when there is none. */
export function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}
