import type { Shop, StoreEvent, TopicName, ZoneCalendar } from '@storepulse/contracts';
import { createRowWriter, type LakeType } from '@storepulse/lake';
import type { LakeFate } from '@storepulse/lake/manifest';
import type { Decoded } from '@storepulse/processor/decode/decoder';
import { createPeople, type PersonChange } from '@storepulse/processor/erasure/people';
import { getOrCreate } from '@storepulse/processor/get-or-create';
import type { InputRecord } from '@storepulse/processor/kafka/port';

/** Records of one shop, type and day that wait for their file. */
export interface Group {
  readonly lakeType: LakeType;
  readonly shop: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** Lines for `writeParquet`. */
  readonly lines: readonly Buffer[];
  readonly rows: number;
  /** Event times, epoch ms. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** `shop|customerId` of those named in it. */
  readonly customers: ReadonlySet<string>;
}

/** What a partition has brought since its last commit. */
export interface Arrived {
  readonly groups: readonly Group[];
  readonly fates: Readonly<Partial<Record<LakeFate, number>>>;
  /** Customers that were erased or told, by `shop|customerId`. */
  readonly people: ReadonlyMap<string, PersonChange>;
  readonly records: number;
  /** Timestamp of the last record, epoch ms; undefined: there is none. */
  readonly lastRecordTime: number | undefined;
}

/** What a partition, or several of a topic, has brought and is not committed. */
export interface ArriveBuffer {
  /**
   * Takes a record with what was made of it.
   * @param partition told where the buffer is of several: its lines then tell it too
   */
  add(record: InputRecord, decoded: Decoded, partition?: number): void;
  /** Everything since the last call. */
  take(): Arrived;
  /** Bytes of its rows. */
  readonly bytes: number;
}

/** A shop with its calendar, as the decoder knows it. */
export type ShopOf = (shop: string) => { readonly shop: Shop; readonly calendar: ZoneCalendar } | undefined;

/** Text is gathered up to so many characters before it becomes bytes. */
const CHUNK = 16_384;

interface OpenGroup extends Group {
  readonly lines: Buffer[];
  text: string;
  rows: number;
  firstAt: number;
  lastAt: number;
  readonly customers: Set<string>;
  readonly write: ReturnType<typeof createRowWriter>;
}

/**
 * An empty buffer of one topic's records.
 * @param lakeTypes all types that the decoder knows
 */
export function createArriveBuffer(
  topic: TopicName,
  lakeTypes: ReadonlyMap<string, LakeType>,
  shopOf: ShopOf,
): ArriveBuffer {
  const writers = new Map([...lakeTypes].map(([type, lakeType]) => [type, createRowWriter(lakeType)]));
  const people = createPeople();
  let shops = new Map<string, Map<string, Map<number, OpenGroup>>>();
  let fates: Partial<Record<LakeFate, number>> = {};
  let bytes = 0;
  let records = 0;
  let lastRecordTime: number | undefined;

  const fate = (name: LakeFate) => {
    fates[name] = (fates[name] ?? 0) + 1;
  };
  const groupOf = (event: StoreEvent, day: number, calendar: ZoneCalendar): OpenGroup => {
    const types = getOrCreate(shops, event.shop, () => new Map<string, Map<number, OpenGroup>>());
    const days = getOrCreate(types, event.type, () => new Map<number, OpenGroup>());
    return getOrCreate(days, day, () => ({
      lakeType: lakeTypes.get(event.type)!,
      shop: event.shop,
      date: dateText(calendar, day),
      write: writers.get(event.type)!,
      lines: [],
      text: '',
      rows: 0,
      firstAt: event.eventTime,
      lastAt: event.eventTime,
      customers: new Set(),
    }));
  };

  return {
    add: (record, decoded, partition) => {
      records++;
      lastRecordTime = record.timestamp;
      if (decoded.kind === 'unreadable') return fate(`dead-letter:${decoded.reason}`);
      if (decoded.kind === 'tombstone') {
        if (topic === 'customers') people.erase(decoded.key, record.timestamp);
        return fate('tombstone');
      }
      const { event } = decoded;
      // What a record of a shop tells is counted from then on; its own currency and zone are those of the shop.
      const known = shopOf(event.shop)!;
      const group = groupOf(event, known.calendar.dayStart(event.eventTime), known.calendar);
      const line = group.write({
        event,
        offset: record.offset,
        partition,
        recordTime: record.timestamp,
        schemaVersion: versionOf(record),
        date: group.date,
        currency: known.shop.currency,
        scale: known.shop.scale,
      });
      group.text += line;
      bytes += line.length;
      if (group.text.length >= CHUNK) flatten(group);
      group.rows++;
      group.firstAt = Math.min(group.firstAt, event.eventTime);
      group.lastAt = Math.max(group.lastAt, event.eventTime);
      const customer = (event as { customerId?: string | null }).customerId;
      if (customer) {
        const key = `${event.shop}|${customer}`;
        group.customers.add(key);
        if (event.type === 'customer_upserted') people.tell(key, record.timestamp);
      }
      fate('archived');
    },
    take: () => {
      const groups = [...shops.values()].flatMap((types) =>
        [...types.values()].flatMap((days) => [...days.values()]),
      );
      for (const group of groups) flatten(group);
      const arrived = { groups, fates, people: people.take(), records, lastRecordTime };
      shops = new Map();
      fates = {};
      bytes = 0;
      records = 0;
      lastRecordTime = undefined;
      return arrived;
    },
    get bytes() {
      return bytes;
    },
  };
}

/** A text that was added up is a tree; as bytes it takes what it is long. */
function flatten(group: OpenGroup): void {
  if (group.text === '') return;
  group.lines.push(Buffer.from(group.text));
  group.text = '';
}

function dateText(calendar: ZoneCalendar, day: number): string {
  const { year, month, day: dayOfMonth } = calendar.localDate(day);
  return `${year}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`;
}

/** The header `schema_version`, if it is a short text. */
function versionOf({ headers }: InputRecord): string | null {
  const value = headers.schema_version;
  const first = Array.isArray(value) ? value[0] : value;
  const text = first === undefined ? '' : first.toString();
  return text === '' ? null : text.slice(0, 20);
}
