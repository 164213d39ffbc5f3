import type { DataQuery } from '@grafana/schema';
import { type Keeper, keptInBrowser } from './keptInBrowser.ts';

/** A query that was run or saved, readable without its data source. */
export interface RememberedQuery {
  /** In words; of a saved query the name that it was given. */
  title: string;
  datasource: string;
  query: DataQuery;
  /** When, epoch ms. */
  at: number;
}

/** So many queries of the history are kept. */
const MOST = 50;

/** The queries that were run in Explore, latest first, each once; and those that were saved under a name. */
export function rememberedQueries(keeper?: () => Keeper) {
  const history = keptInBrowser<RememberedQuery[]>('history', [], isList, keeper);
  const saved = keptInBrowser<RememberedQuery[]>('saved-queries', [], isList, keeper);
  return {
    history: () => history.read(),
    saved: () => saved.read(),
    /** Puts queries that were run to the top of the history. */
    ran(queries: readonly RememberedQuery[]): void {
      const asked = new Set(queries.map(identityOf));
      history.write(
        [...queries, ...history.read().filter((each) => !asked.has(identityOf(each)))].slice(0, MOST),
      );
    },
    /** Saves a query under its title, in place of another of that title. */
    save(query: RememberedQuery): void {
      saved.write([query, ...saved.read().filter(({ title }) => title !== query.title)]);
    },
    remove(title: string): void {
      saved.write(saved.read().filter((each) => each.title !== title));
    },
    forgetHistory: () => history.forget(),
  };
}

/** The queries of a panel as they were edited and saved, over those that its dashboard has. */
export function savedPanel(dashboard: string, panel: string, keeper?: () => Keeper) {
  const name = `panel.${dashboard}.${panel}`;
  const kept = keptInBrowser<DataQuery[] | undefined>(name, undefined, isListOfQueries, keeper);
  return { read: kept.read, save: kept.write, reset: kept.forget };
}

function identityOf({ datasource, query: { refId: _, ...query } }: RememberedQuery): string {
  return JSON.stringify([datasource, query]);
}

function isList(value: unknown): boolean {
  return (
    Array.isArray(value) && value.every((each) => typeof each?.title === 'string' && isQuery(each.query))
  );
}

function isListOfQueries(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isQuery);
}

function isQuery(value: unknown): boolean {
  return typeof (value as DataQuery | null)?.refId === 'string';
}
