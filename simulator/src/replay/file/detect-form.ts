import { type HeaderFault, isBeforeHeader, readHeader } from '@storepulse/contracts/sales/columns';
import { createFormEvidence } from '@storepulse/contracts/sales/evidence';
import {
  COLUMNS,
  type FileForm,
  type FormOptions,
  type TableForm,
  type TextForm,
} from '@storepulse/contracts/sales/form';
import { SimulatorError } from '../../errors.ts';
import { detectText, readLines } from './lines.ts';
import { readRecords } from './read-rows.ts';

/** Lines that may stand before the header. */
const MAX_LINES_BEFORE = 20;

/**
 * Tells a file's form by reading all of it: what one row leaves open, another tells. What the whole file leaves open
 * is asked for, and never guessed.
 * @param now epoch ms
 * @throws {SimulatorError} `file-unreadable`, `file-damaged`, `wrong-header`, or `wrong-form` when the dates or
 * numbers may be read in two ways
 */
export async function detectForm(path: string, options: FormOptions, now: number): Promise<FileForm> {
  const text = await detectText(path, options.encoding);
  const table = await findHeader(path, text, options);
  const evidence = createFormEvidence(table, now);
  const whole = { ...text, ...table };
  for await (const records of readRecords(path, whole)) records.forEach(evidence.add);
  const values = evidence.settle(options);
  if ('decimal' in values) return { ...whole, ...values };
  const { dates, numbers } = values;
  throw new SimulatorError(
    'wrong-form',
    [
      `${path} can be read in more than one way; nothing was sent.`,
      ...(dates === undefined ? [] : [`  dates: ${dates}. Say which: --date-order dmy, mdy or ymd.`]),
      ...(numbers === undefined ? [] : [`  numbers: ${numbers}. Say which: --decimal . or --decimal ,`]),
    ].join('\n'),
  );
}

/** The header is the first line that is not empty, but for a spreadsheet's `sep=;`. */
async function findHeader(path: string, text: TextForm, options: FormOptions): Promise<TableForm> {
  let number = 0;
  for await (const lines of readLines(path, text)) {
    for (const line of lines) {
      number += 1;
      if (isBeforeHeader(line) && number <= MAX_LINES_BEFORE) continue;
      const table = readHeader(line, number, options);
      if ('missing' in table) throw wrongHeader(path, line, table, options.map ?? {});
      return table;
    }
  }
  throw new SimulatorError('wrong-header', `${path} is empty.`);
}

function wrongHeader(
  path: string,
  text: string,
  { missing, twice }: HeaderFault,
  map: NonNullable<FormOptions['map']>,
): SimulatorError {
  // It may be no text at all, and a terminal obeys some of what it is shown.
  const readable = text.slice(0, 120).replaceAll(/\p{C}|\uFFFD/gu, '·');
  const shown = text.length > 120 ? `${readable}…` : readable;
  const asked = missing.map((column) =>
    map[column] === undefined ? column : `${column} (--map: ${map[column]})`,
  );
  return new SimulatorError(
    'wrong-header',
    [
      `${path} does not begin with the header of UCI Online Retail.`,
      `  found:  ${shown}`,
      `  needed: ${COLUMNS.join(',')}`,
      ...(asked.length > 0 ? [`  not found: ${asked.join(', ')}`] : []),
      ...(twice.length > 0 ? [`  there twice: ${twice.join(', ')}`] : []),
      `Say which column is which, once for each (--map ${missing[0] ?? twice[0]}=NAME), or what separates them (--delimiter).`,
    ].join('\n'),
  );
}
