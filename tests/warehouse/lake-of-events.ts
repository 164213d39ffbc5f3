import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  eventRegistry,
  type Shop,
  type StoreEvent,
  type TopicName,
  zoneCalendar,
} from '@storepulse/contracts';
import { partitionOf } from '@storepulse/contracts/partition-of';
import {
  arrivedPath,
  createRowWriter,
  LAKE_TYPES,
  type LakeFile,
  openDuck,
  writeParquet,
} from '@storepulse/lake';

/** A record that could be read, as the archiver takes it. */
export interface LoggedEvent {
  readonly event: StoreEvent;
  readonly key: string;
  /** Epoch ms. */
  readonly recordTime: number;
}

/** An event with its place in the log. */
export type PlacedEvent = LoggedEvent & {
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
};

/** Partitions of the topics that events are told to. */
const PARTITIONS = 3;

/**
 * Writes events into a lake in a folder as the archiver does: each onto its partition, each file with one shop's events of
 * one type and day.
 * @param from events that the log has already: offsets go on after them. @default none
 */
export async function lakeOfEvents(
  folder: string,
  shops: ReadonlyMap<string, Shop>,
  events: readonly LoggedEvent[],
  from: readonly LoggedEvent[] = [],
): Promise<LakeFile[]> {
  return lakeOfLog(folder, shops, placedIn(events, from));
}

/** Where a log has events, each on its partition. */
export function placedIn(events: readonly LoggedEvent[], from: readonly LoggedEvent[] = []): PlacedEvent[] {
  const offsets = new Map<string, number>();
  const placed = (logged: LoggedEvent): PlacedEvent => {
    const { topic } = eventRegistry.get(logged.event.type)!;
    const partition = partitionOf(logged.key, PARTITIONS);
    const place = `${topic}/${partition}`;
    const offset = offsets.get(place) ?? 0;
    offsets.set(place, offset + 1);
    return { ...logged, topic, partition, offset };
  };
  from.forEach(placed);
  return events.map(placed);
}

/**
 * The same of events that have their places in a log already.
 * @param period the period of all files, where many days would be very many files. @default each event's day
 */
export async function lakeOfLog(
  folder: string,
  shops: ReadonlyMap<string, Shop>,
  events: readonly PlacedEvent[],
  period?: string,
): Promise<LakeFile[]> {
  const calendars = new Map([...shops].map(([id, { timeZone }]) => [id, zoneCalendar(timeZone)]));
  const rows = events.map((logged) => {
    const { year, month, day } = calendars.get(logged.event.shop)!.localDate(logged.event.eventTime);
    const date = period ?? [year, month, day].map((n) => String(n).padStart(2, '0')).join('-');
    return { ...logged, date };
  });
  const groups = Map.groupBy(rows, ({ event, date, topic, partition }) =>
    [event.shop, event.type, date, topic, partition].join('|'),
  );
  const duck = await openDuck();
  const files: LakeFile[] = [];
  try {
    for (const own of groups.values()) {
      const { event, date, topic, partition } = own[0]!;
      const lakeType = LAKE_TYPES.get(event.type)!;
      const line = createRowWriter(lakeType);
      const { currency, scale } = shops.get(event.shop)!;
      const source = { topic, partition, from: own[0]!.offset, next: own.at(-1)!.offset + 1 };
      const path = arrivedPath({ shop: event.shop, type: event.type, date, epoch: 1, ...source });
      const text = own.map(({ event, offset, recordTime }) =>
        line({ event, offset, recordTime, schemaVersion: '1', date, currency, scale }),
      );
      const lines = join(folder, 'lines.ndjson');
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(lines, text.join(''));
      await writeParquet(duck, { lakeType, topic, partition, rows: lines, file: join(folder, path) });
      const times = own.map(({ event: { eventTime } }) => eventTime);
      files.push({
        ...{ _id: path, shop: event.shop, type: event.type, period: date, firstDate: date, lastDate: date },
        ...{ firstAt: Math.min(...times), lastAt: Math.max(...times), rows: own.length, bytes: 0 },
        source,
        at: new Date(0),
      });
    }
  } finally {
    duck.close();
  }
  return files;
}
