import { sqlText } from '@storepulse/contracts';
import type { Duck } from '@storepulse/lake';

/** The values of dimensions, each with a number: rows hold numbers, and answers look the values up. */
export interface Names {
  /** The values of a dimension by their numbers. */
  valuesOf(dimension: string): readonly string[];
  /** The number of a value; undefined: no row has it. */
  idOf(dimension: string, value: string): number | undefined;
  /** SQL of the number that a row has of a dimension that no column holds. @default columns hold all */
  sqlOf?(dimension: string): string | undefined;
  /** Gives numbers to the values that a relation has in a column, and have none yet. */
  add(dimension: string, relation: string, column: string): Promise<void>;
}

/** The dimension whose values are shops. */
export const SHOP = 'shop';

/** Keeps names in the table `names`, and all of them in memory. */
export function createNames(duck: Duck): Names {
  const known = new Map<string, { values: string[]; ids: Map<string, number> }>();
  const of = (dimension: string) => {
    const found = known.get(dimension) ?? { values: [] as string[], ids: new Map<string, number>() };
    known.set(dimension, found);
    return found;
  };
  return {
    valuesOf: (dimension) => of(dimension).values,
    idOf: (dimension, value) => of(dimension).ids.get(value),
    add: async (dimension, relation, column) => {
      const { values, ids } = of(dimension);
      const rows = await duck.rows(
        `SELECT DISTINCT ${column} AS value FROM ${relation} WHERE ${column} IS NOT NULL
         AND ${column} NOT IN (SELECT value FROM names WHERE dimension = ${sqlText(dimension)})`,
      );
      if (rows.length === 0) return;
      const appender = await duck.connection.createAppender('names');
      for (const { value } of rows) {
        const text = String(value);
        ids.set(text, values.length);
        appender.appendVarchar(dimension);
        appender.appendInteger(values.length);
        appender.appendVarchar(text);
        appender.endRow();
        values.push(text);
      }
      appender.closeSync();
    },
  };
}

/** SQL of the number of a name, to be joined as `alias`. */
export function joinName(dimension: string, column: string, alias: string): string {
  return `LEFT JOIN names AS ${alias} ON ${alias}.dimension = ${sqlText(dimension)} AND ${alias}.value = ${column}`;
}
