import { SimulatorError } from '../../errors.ts';
import { readHeader } from './columns.ts';
import { createDateOrderEvidence } from './dates.ts';
import type { DecimalMark, FileForm, FormOptions, TableForm, TextForm } from './form.ts';
import { detectText, readLines } from './lines.ts';
import { markEvidence, quoted } from './numbers.ts';
import { readRecords } from './read-rows.ts';
import { tellingFields } from './row.ts';

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
  const dates = createDateOrderEvidence(now);
  const marks = createMarkEvidence();
  const whole = { ...text, ...table };
  for await (const records of readRecords(path, whole)) {
    for (const record of records) {
      const fields = tellingFields(record, table);
      if (!fields) continue;
      dates.add(fields.date, record.line);
      for (const number of fields.numbers) marks.add(number, record.line);
    }
  }
  const dateOrder = options.dateOrder ?? dates.settle();
  const decimal = options.decimal ?? marks.settle();
  const unclear = [
    ...(dateOrder !== null && typeof dateOrder === 'object'
      ? [`  dates: ${dateOrder.unclear}. Say which: --date-order dmy, mdy or ymd.`]
      : []),
    ...(typeof decimal === 'object'
      ? [`  numbers: ${decimal.unclear}. Say which: --decimal . or --decimal ,`]
      : []),
  ];
  if (unclear.length > 0) {
    throw new SimulatorError(
      'wrong-form',
      [`${path} can be read in more than one way; nothing was sent.`, ...unclear].join('\n'),
    );
  }
  return { ...whole, dateOrder: dateOrder as FileForm['dateOrder'], decimal: decimal as DecimalMark };
}

/** The header is the first line that is not empty, but for a spreadsheet's `sep=;`. */
async function findHeader(path: string, text: TextForm, options: FormOptions): Promise<TableForm> {
  let number = 0;
  for await (const lines of readLines(path, text)) {
    for (const line of lines) {
      number += 1;
      const before = line.trim() === '' || /^"?sep=."?$/i.test(line.trim());
      if (!before || number > MAX_LINES_BEFORE) return readHeader(line, number, path, options);
    }
  }
  throw new SimulatorError('wrong-header', `${path} is empty.`);
}

/** What a file's numbers tell of the mark before their decimals. */
function createMarkEvidence() {
  const seen = new Map<DecimalMark | 'either', { readonly text: string; readonly line: number }>();
  return {
    add: (text: string, line: number) => {
      const evidence = markEvidence(text);
      if (evidence !== null && !seen.has(evidence)) seen.set(evidence, { text, line });
    },
    settle: (): DecimalMark | { readonly unclear: string } => {
      const [point, comma, either] = [seen.get('.'), seen.get(','), seen.get('either')];
      const where = ({ text, line }: { text: string; line: number }) => `${quoted(text)} in line ${line}`;
      if (point && comma)
        return { unclear: `${where(point)} has its decimals after a point, ${where(comma)} after a comma` };
      if (point || comma) return point ? '.' : ',';
      if (either) return { unclear: `${where(either)} may be thousands or decimals` };
      return '.';
    },
  };
}
