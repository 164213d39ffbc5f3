import { type Collection, type Document, MongoClient } from 'mongodb';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Visits and orders of each day of the past. */
const VISITS_A_DAY = 1_000;
const ORDERS_A_DAY = 250;
const BATCH = 2_000;

/** A stored document; all of ours have a text for `_id`. */
type Stored = Document & { readonly _id: string };

/**
 * Gives a database a past, made of what was counted into another one: its hours, again for each hour of so many days (the
 * merged windows, and one task's share of each), and so many visits and orders a day, settled.
 * @param from the database that holds the models
 */
export async function storeHistory(uri: string, from: string, to: string, days: number): Promise<void> {
  if (days === 0) return;
  const client = await new MongoClient(uri, { promoteBuffers: true }).connect();
  const of = (database: string, name: string) => client.db(database).collection<Stored>(name);
  try {
    for (const [name, only] of [
      ['metrics', { resolution: '1h' }],
      ['partials', { _id: /^facts\/0\|.*\|1h\|/ }],
    ] as const) {
      const models = await of(from, name)
        .find(only as object)
        .toArray();
      if (models.length === 0) throw new Error(`${from} has no ${name} of an hour to copy`);
      const hours = Array.from({ length: days * 24 }, (_, n) => (n + 1) * HOUR_MS);
      await insert(
        of(to, name),
        hours.flatMap((ago) => models.map((model) => () => hourAgo(model, ago))),
      );
    }
    for (const [name, perDay] of [
      ['sessions', VISITS_A_DAY],
      ['orders', ORDERS_A_DAY],
    ] as const) {
      const model = await of(from, name).findOne();
      if (!model) throw new Error(`${from} has no ${name} to copy`);
      const copies = Array.from({ length: days * perDay }, (_, n) => () => dayAgo(model, n, perDay));
      await insert(of(to, name), copies);
    }
  } finally {
    await client.close();
  }
}

/** A window, or a share of it, of an hour so long before: as old as can be, so that nothing of it waits to be announced. */
function hourAgo(model: Stored, ago: number): Stored {
  const moved = (id: string) => id.replace(/\|1h\|(\d+)\|/, (_, at: string) => `|1h|${Number(at) - ago}|`);
  const moveDate = (date: Date) => new Date(date.getTime() - ago);
  return {
    ...model,
    _id: moved(model._id),
    ...('window' in model ? { window: moved(String(model.window)), seq: 0 } : {}),
    ...('start' in model ? { start: moveDate(model.start), end: moveDate(model.end), final: true } : {}),
    ...('expireAt' in model ? { expireAt: moveDate(model.expireAt) } : {}),
  };
}

/** A visit, or an order, of another day. */
function dayAgo(model: Stored, n: number, perDay: number): Stored {
  const ago = Math.floor(n / perDay + 1) * DAY_MS;
  return {
    ...model,
    _id: `${model._id}-${n}`,
    ...('firstTime' in model
      ? { firstTime: model.firstTime - ago, lastTime: model.lastTime - ago, settled: true }
      : {}),
    ...('eventTime' in model && typeof model.eventTime === 'number'
      ? { eventTime: model.eventTime - ago }
      : {}),
  };
}

async function insert(target: Collection<Stored>, make: readonly (() => Stored)[]): Promise<void> {
  for (let at = 0; at < make.length; at += BATCH) {
    const documents = make.slice(at, at + BATCH).map((one) => one());
    await target.insertMany(documents, { ordered: false });
  }
}
