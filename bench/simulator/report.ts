import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** One line of a table: what was measured, by the names of the columns. */
export type Row = Readonly<Record<string, string | number>>;

/** Prints rows as a table, and writes them to a file beside what they were measured on. */
export function showReport(name: string, rows: readonly Row[], file?: string): void {
  console.table(rows);
  if (file === undefined) return;
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
  writeFileSync(file, `${JSON.stringify({ name, at: new Date().toISOString(), machine, rows }, null, 2)}\n`);
}

/** Rounds for a table. */
export function rounded(value: number, decimals = 0): number {
  return Number(value.toFixed(decimals));
}

/** The value below which a share of the (sorted) values lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
