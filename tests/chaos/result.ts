import { readFile, writeFile } from 'node:fs/promises';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

/** What was measured of one row, and with what. */
export const RowResult = Type.Object({
  what: Type.String({ description: 'the fault' }),
  figure: Type.String({ description: 'what must hold' }),
  holds: Type.Boolean(),
  repeats: Type.Integer(),
  passed: Type.Integer(),
  worstRecoveryMs: Type.Optional(
    Type.Integer({ description: 'longest time from the end of a fault to the first new result' }),
  ),
  lost: Type.Integer({ description: 'cells that show less than they must' }),
  double: Type.Integer({ description: 'cells that show more than they must' }),
  figures: Type.Record(Type.String(), Type.Number(), { description: 'further figures of the row' }),
  seconds: Type.Integer({ description: 'how long the row took' }),
  date: Type.String({ description: 'when it ended, ISO 8601' }),
  versions: Type.Record(Type.String(), Type.String(), { description: 'of what it ran on' }),
});
/** What was measured of one row, and with what. */
export type RowResult = Static<typeof RowResult>;

/** The results by row; a run replaces those of its own rows. */
export const Results = Type.Object({ rows: Type.Record(Type.String(), RowResult) });
/** The results by row. */
export type Results = Static<typeof Results>;

/** Where the results are kept in the checkout. */
export const RESULTS_FILE = new URL('../../docs/reference/chaos.json', import.meta.url);

/** Reads the results; a file that is not there has none. @throws {Error} when it holds something else */
export async function readResults(file: string | URL): Promise<Results> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{"rows":{}}';
    throw error;
  });
  return Value.Parse(Results, JSON.parse(text));
}

/** Puts a row's result in the place of an earlier one; rows are kept in the order of `ids`. */
export async function writeResult(
  file: string | URL,
  id: string,
  result: RowResult,
  ids: readonly string[],
): Promise<void> {
  const { rows } = await readResults(file);
  rows[id] = result;
  const ordered = Object.fromEntries(ids.flatMap((name) => (rows[name] ? [[name, rows[name]]] : [])));
  await writeFile(file, `${JSON.stringify({ rows: ordered }, null, 2)}\n`);
}
