import type { StoreEvent } from '@storepulse/contracts';
import { type TSchema, Type } from 'typebox';
import { ENVELOPE_COLUMNS, type LakeType, nonNull, propertiesOf, snakeCase } from './columns.ts';

/** An event with what its record and its shop say, to be put into a file. */
export interface RowOf {
  readonly event: StoreEvent;
  readonly offset: number;
  /** Told where the lines of a file are of several partitions. @default the file tells it */
  readonly partition?: number | undefined;
  /** Epoch ms. */
  readonly recordTime: number;
  readonly schemaVersion: string | null;
  /** The shop's day, `YYYY-MM-DD`. */
  readonly date: string;
  readonly currency: string;
  readonly scale: number;
}

type Write = (value: unknown) => string;

/**
 * Builds what writes events of a type as lines of JSON for `writeParquet`. Only fields that the schema knows are written: what
 * else an event carries may be too deep to copy. An integer that is not exact (beyond ±2^53) is null.
 * @param clear true: personal fields are null, as an erasure leaves them
 */
export function createRowWriter({ spec, columns }: LakeType): (row: RowOf, clear?: boolean) => string {
  const own = columns.slice(ENVELOPE_COLUMNS.length).map(({ name, field, schema, personal }) => ({
    prefix: `,"${name}":`,
    field: field!,
    write: writerOf(schema!),
    personal,
  }));
  const identity = spec.fact?.id ?? 'eventId';
  return ({ event, offset, partition, recordTime, schemaVersion, date, currency, scale }, clear = false) => {
    const fields = event as unknown as Readonly<Record<string, unknown>>;
    const place = partition === undefined ? '' : `"partition":${partition},`;
    let line = `{${place}"offset":${offset},"record_time":${recordTime},"schema_version":${JSON.stringify(schemaVersion)},"shop_id":"${event.shop}","shop_date":"${date}","event_id":${JSON.stringify(event.eventId)},"identity":${JSON.stringify(fields[identity])},"occurred_at":${event.eventTime},"currency":"${currency}","scale":${scale}`;
    for (const { prefix, field, write, personal } of own) {
      const value = fields[field];
      if (value === null || value === undefined || (clear && personal)) continue;
      line += prefix + write(value);
    }
    return `${line}}\n`;
  };
}

const writeText: Write = (value) => JSON.stringify(value);
const writeInteger: Write = (value) => (Number.isSafeInteger(value) ? String(value) : 'null');

function writerOf(schema: TSchema): Write {
  const plain = nonNull(schema);
  if (Type.IsArray(plain)) {
    const item = writerOf(plain.items);
    return (value) => {
      let text = '';
      for (const element of value as readonly unknown[]) text += `${text === '' ? '' : ','}${item(element)}`;
      return `[${text}]`;
    };
  }
  if (Type.IsObject(plain)) {
    const fields = Object.entries(propertiesOf(plain)).map(([field, inner]) => ({
      prefix: `"${snakeCase(field)}":`,
      field,
      write: writerOf(inner),
    }));
    return (value) => {
      let text = '';
      for (const { prefix, field, write } of fields) {
        const part = (value as Readonly<Record<string, unknown>>)[field];
        if (part === null || part === undefined) continue;
        text += `${text === '' ? '' : ','}${prefix}${write(part)}`;
      }
      return `{${text}}`;
    };
  }
  return (plain as { type?: string }).type === 'integer' ? writeInteger : writeText;
}
