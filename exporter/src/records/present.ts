import {
  fieldsOfRecord,
  personalFieldsOf,
  type RecordSpec,
  type Shop,
  toCurrencyUnits,
} from '@storepulse/contracts';
import { BSON } from 'mongodb';
import type { Steps } from '../work/pacer.ts';

/** A record as it is answered. */
export type AnsweredRecord = Readonly<Record<string, unknown>>;

/** For whom records are answered. */
export interface PresentContext {
  readonly shop: Pick<Shop, 'scale'>;
  /** Whether the caller may see personal fields. */
  readonly seesPersonal: boolean;
}

/** Names of the fields that a caller gets, in the order of the schema. */
export function visibleFields(
  spec: RecordSpec,
  { seesPersonal }: Pick<PresentContext, 'seesPersonal'>,
): string[] {
  const personal = new Set(seesPersonal ? [] : personalFieldsOf(spec));
  return fieldsOfRecord(spec).filter((name) => !personal.has(name));
}

/** Makes stored documents (BSON) what is answered: amounts in whole currency units, and nothing that the caller may not see. */
export function* presentRecords(
  documents: readonly Buffer[],
  spec: RecordSpec,
  context: PresentContext,
): Steps<AnsweredRecord[]> {
  const fields = visibleFields(spec, context);
  const records: AnsweredRecord[] = [];
  for (const document of documents) {
    const stored = BSON.deserialize(document);
    const present = fields.filter((name) => stored[name] !== undefined);
    records.push(
      Object.fromEntries(
        present.map((name) => [name, readable(stored[name], name, spec, context.shop.scale)]),
      ),
    );
    yield;
  }
  return records;
}

function readable(value: unknown, path: string, spec: RecordSpec, scale: number): unknown {
  if (typeof value === 'number' && spec.money.includes(path)) return toCurrencyUnits(value, scale);
  if (Array.isArray(value)) return value.map((each) => readable(each, path, spec, scale));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, readable(each, `${path}.${name}`, spec, scale)]),
  );
}
