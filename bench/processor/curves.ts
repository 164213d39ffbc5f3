import { MongoClient } from 'mongodb';
import type { Measured } from './measure.ts';
import type { Stand } from './stand.ts';

/** Cost at one size, beside that at the size before. */
export interface CurvePoint {
  readonly curve: string;
  readonly size: string;
  readonly 'CPU µs per event': number;
  /** To the first size of the curve. */
  readonly ratio: number;
}

const EVENTS = 400_000;
const PARTITIONS = 4;
/** Stored windows of the smaller history: more than eight hours of 10-second windows. */
const HISTORY = 3_000;
const FACTOR = 10;

/** What an event costs with ten times the open windows, with 12 tasks for one, with ten times the stored history. */
export async function measureCurves(stand: Stand): Promise<CurvePoint[]> {
  const windows = [];
  for (const shops of [1, FACTOR]) {
    const loaded = await stand.load(`shops-${shops}`, EVENTS, { partitions: PARTITIONS, shops });
    windows.push({ size: `×${shops}`, measured: await stand.count(loaded, { database: `shops-${shops}` }) });
  }
  const tasks = [];
  for (const partitions of [1, 12]) {
    const loaded = await stand.load(`tasks-${partitions}`, EVENTS, { partitions });
    const measured = await stand.count(loaded, { database: `tasks-${partitions}` });
    tasks.push({ size: `${partitions}`, measured });
  }
  const history = [];
  for (const times of [1, FACTOR]) {
    const loaded = await stand.load(`history-${times}`, EVENTS, { partitions: PARTITIONS });
    await storeHistory(stand.mongoUri, `shops-1`, `history-${times}`, times * HISTORY);
    history.push({
      size: `×${times}`,
      measured: await stand.count(loaded, { database: `history-${times}` }),
    });
  }
  return [
    ...points('open windows', windows),
    ...points('tasks of one process', tasks),
    ...points('stored history', history),
  ];
}

function points(curve: string, sizes: readonly { size: string; measured: Measured }[]): CurvePoint[] {
  const cost = ({ cpuSeconds, events }: Measured) => (cpuSeconds / events) * 1e6;
  return sizes.map(({ size, measured }) => ({
    curve,
    size,
    'CPU µs per event': Number(cost(measured).toFixed(2)),
    ratio: Number((cost(measured) / cost(sizes[0]!.measured)).toFixed(2)),
  }));
}

/** Fills a database with copies of windows that were counted into another one, moved into the past. */
async function storeHistory(uri: string, from: string, to: string, windows: number): Promise<void> {
  const client = await new MongoClient(uri, { promoteBuffers: true }).connect();
  try {
    for (const name of ['metrics', 'partials'] as const) {
      const source = client.db(from).collection<{ _id: string }>(name);
      const models = await source
        .find({ _id: /\|10s\|/ })
        .limit(20)
        .toArray();
      const target = client.db(to).collection<{ _id: string }>(name);
      for (let at = 0; at < windows; at += 500) {
        const documents = Array.from({ length: Math.min(500, windows - at) }, (_, i) => {
          const model = models[(at + i) % models.length]!;
          const moved = (id: string) => id.replace(/\|10s\|(\d+)\|/, `|10s|${(at + i) * 10_000}|`);
          const window = 'window' in model ? { window: moved(String(model.window)) } : {};
          const start = 'start' in model ? { start: new Date((at + i) * 10_000), final: true } : {};
          // As old as can be: nothing of it is waiting to be announced.
          const seq = 'seq' in model ? { seq: 0 } : {};
          return { ...model, ...window, ...start, ...seq, _id: moved(model._id) };
        });
        await target.insertMany(documents, { ordered: false });
      }
    }
  } finally {
    await client.close();
  }
}
