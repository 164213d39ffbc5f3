import {
  createDataFrame,
  type DataFrame,
  type DataLink,
  type FieldConfig,
  FieldType,
  type QueryResultMetaNotice,
} from '@grafana/data';
import { namesOfKind, type RecordKind, titleOfField } from '@storepulse/contracts/grafana/record-kinds';
import { exactUnit } from './exactUnit';
import { type LinkTarget, linkToEvents, linkToOrders } from './linkToExplore';

/** A record as the exporter answers it: amounts in whole currency units, times as epoch ms. */
export type AnsweredRecord = Readonly<Record<string, unknown>>;

/** How to present records. */
export interface RecordOptions {
  refId: string;
  kind: RecordKind;
  shop: string;
  /** ISO 4217 code of the amounts, and the decimals that they are kept with. */
  currency: string;
  scale: number;
  /** What was asked, for the query inspector. */
  sent: string;
  notices: QueryResultMetaNotice[];
  source: LinkTarget;
}

/** A table of records: a column for each field that one of them has, the one that names them first. */
export function toRecordFrame(records: readonly AnsweredRecord[], options: RecordOptions): DataFrame {
  const { refId, kind, sent, notices } = options;
  const { id } = namesOfKind(kind)!;
  const columns = [...new Set([id, ...records.flatMap(Object.keys)])].filter((name) => name !== 'shop');
  return createDataFrame({
    refId,
    name: titleOfField(kind),
    meta: { preferredVisualisationType: 'table', executedQueryString: sent, notices },
    fields: columns.map((name) => {
      const type = typeOfColumn(name, records, kind);
      return {
        ...{ name, type, config: configOf(name, options) },
        values: records.map((record) => valueOfCell(record[name])),
      };
    }),
  });
}

function typeOfColumn(name: string, records: readonly AnsweredRecord[], kind: RecordKind): FieldType {
  if (namesOfKind(kind)?.times.includes(name)) {
    return FieldType.time;
  }
  const given = records.find((record) => record[name] !== null && record[name] !== undefined)?.[name];
  return typeof given === 'number' ? FieldType.number : FieldType.string;
}

/** Lists and their elements are read as JSON. */
function valueOfCell(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? null);
}

function configOf(name: string, { kind, currency, scale, shop, source }: RecordOptions): FieldConfig {
  const links = LINKS[name]?.(shop, `\${__value.raw}`, source) ?? [];
  return {
    displayNameFromDS: titleOfField(name),
    ...(namesOfKind(kind)?.money.includes(name)
      ? { unit: exactUnit(`currency${currency}`), decimals: scale }
      : {}),
    ...(links.length > 0 ? { links } : {}),
  };
}

/** Where the ids in a table lead to. */
const LINKS: Readonly<Record<string, (shop: string, value: string, source: LinkTarget) => DataLink[]>> = {
  orderId: linkToEvents,
  customerId: linkToOrders,
};
