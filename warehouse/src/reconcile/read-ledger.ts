import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { WarehouseError } from '../errors.ts';
import { type Cells, cellKey } from './cells.ts';

/** A line of a ledger: one cell of one day, in minor units. */
const LedgerLine = Type.Object({
  shop: Type.String(),
  day: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  metric: Type.String(),
  dimension: Type.String(),
  value: Type.String(),
  amount: Type.Optional(Type.Number()),
  low: Type.Optional(Type.Number()),
  high: Type.Optional(Type.Number()),
});

/**
 * Reads what a ledger knows, by shop, from a file of lines of JSON as `simulator/src/ledger-main.ts` prints them.
 * @throws {WarehouseError} `REQUEST` for a file that is none
 */
export async function readLedger(file: string): Promise<Map<string, Cells>> {
  const shops = new Map<string, Cells>();
  let lineNo = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
      lineNo += 1;
      const cell: unknown = JSON.parse(line);
      if (!Value.Check(LedgerLine, cell)) throw new SyntaxError('it is no cell of a ledger');
      const { shop, amount, low, high } = cell;
      const cells = shops.get(shop) ?? (new Map() as Cells);
      shops.set(shop, cells);
      if (low !== undefined && high !== undefined) cells.set(cellKey(cell), { low, high });
      else if (amount) cells.set(cellKey(cell), amount);
    }
  } catch (error) {
    throw new WarehouseError('REQUEST', `The ledger ${file}, line ${lineNo}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return shops;
}
