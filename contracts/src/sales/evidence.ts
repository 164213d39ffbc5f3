import { createDateOrderEvidence } from './dates.ts';
import type { DateOrder, DecimalMark, FileForm, FormOptions } from './form.ts';
import { markEvidence, quoted } from './numbers.ts';
import type { RawRecord } from './records.ts';
import { tellingFields } from './row.ts';

/** How dates and numbers are read. */
export type ValueForm = Pick<FileForm, 'dateOrder' | 'decimal'>;

/** Why dates or numbers can be read in more than one way; what is absent can be read. */
export interface UnclearForm {
  readonly dates?: string;
  readonly numbers?: string;
}

/** What records tell of how their dates and numbers are written. */
export interface FormEvidence {
  /** Takes one record. */
  add(record: RawRecord): void;
  /** What all of them tell; what the sender says counts more. What they leave open is never guessed. */
  settle(options: Pick<FormOptions, 'dateOrder' | 'decimal'>): ValueForm | UnclearForm;
}

/**
 * Gathers what the records of a table tell: what one leaves open, another tells.
 * @param now epoch ms
 */
export function createFormEvidence(table: Pick<FileForm, 'columns' | 'width'>, now: number): FormEvidence {
  const dates = createDateOrderEvidence(now);
  const marks = createMarkEvidence();
  return {
    add: (record) => {
      const fields = tellingFields(record, table);
      if (!fields) return;
      dates.add(fields.date, record.line);
      for (const number of fields.numbers) marks.add(number, record.line);
    },
    settle: (options) => {
      const dateOrder: DateOrder | null | { unclear: string } = options.dateOrder ?? dates.settle();
      const decimal = options.decimal ?? marks.settle();
      const isDateUnclear = dateOrder !== null && typeof dateOrder === 'object';
      if (!isDateUnclear && typeof decimal === 'string') return { dateOrder, decimal };
      return {
        ...(isDateUnclear ? { dates: dateOrder.unclear } : {}),
        ...(typeof decimal === 'object' ? { numbers: decimal.unclear } : {}),
      };
    },
  };
}

/** What numbers tell of the mark before their decimals. */
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
