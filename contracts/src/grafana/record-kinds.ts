import { RECORD_NAMES, type RecordNames } from '../records/names.ts';

/** A kind of record that can be listed. */
export type RecordKind = keyof typeof RECORD_NAMES;

/** The kinds of records, in the order of menus. */
export const RECORD_KINDS = Object.keys(RECORD_NAMES) as RecordKind[];

/** The names of a kind of record; undefined for a text that is none, such as a variable. */
export function namesOfKind(kind: string | undefined): RecordNames | undefined {
  return RECORD_NAMES[RECORD_KINDS.find((each) => each === kind)!];
}

/** A field's name in words: `paymentMethod` is `Payment method`. */
export function titleOfField(name: string): string {
  const words = name.replace(/([A-Z])/g, ' $1').toLowerCase();
  return words[0]!.toUpperCase() + words.slice(1);
}
