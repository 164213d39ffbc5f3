import { MetricRecord, NARROW_PART, type Stored, type StoredCells } from '@storepulse/contracts';
import { Compile } from 'typebox/compile';
import { followTopic } from '../pipeline/follow-topic.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { until } from '../until.ts';
import type { Source } from './figures.ts';
import { windowSource } from './windows.ts';

/** A reader of the topic `metrics` that keeps the highest version of each window, as every consumer of it should. */
export interface TopicReader {
  /** The windows by key. */
  readonly windows: ReadonlyMap<string, MetricRecord>;
  /** Records that are no metric record: garbage that anyone may have sent. */
  readonly unreadable: number;
  /** Waits until it has read every window at the version that MongoDB holds. */
  untilLevel(): Promise<void>;
  readonly source: Source;
}

/** Reads the topic from its beginning, committed records only, until the pipeline stops. */
export async function readMetricsTopic(pipeline: Pipeline): Promise<TopicReader> {
  const windows = new Map<string, MetricRecord>();
  let unreadable = 0;
  await followTopic(pipeline, 'metrics', ({ key, value }) => {
    const id = String(key);
    const record = parseRecord(value);
    if (!record) unreadable++;
    else if (record.version >= (windows.get(id)?.version ?? 0)) windows.set(id, record);
  });

  const differences = async () => {
    const stored = await pipeline.metrics.find({}, { projection: { version: 1 } }).toArray();
    const behind = stored.filter(({ _id, version }) => windows.get(_id)?.version !== version);
    return { stored: stored.length, read: windows.size, behind: behind.length, such: behind.slice(0, 3) };
  };
  return {
    windows,
    get unreadable() {
      return unreadable;
    },
    untilLevel: async () => {
      await until(
        'the topic metrics tells every window at the version that MongoDB holds',
        differences,
        ({ stored, read, behind }) => behind === 0 && read === stored,
      );
    },
    source: windowSource('topic metrics', async (shop, resolution) =>
      [...windows.values()]
        .filter(
          (record) => record.shop === shop && record.part === NARROW_PART && record.resolution === resolution,
        )
        .map(({ start, cells }) => ({ start, cells: storedCells(cells) })),
    ),
  };
}

const check = Compile(MetricRecord);

function parseRecord(value: Buffer | null): MetricRecord | undefined {
  try {
    const record: unknown = JSON.parse(String(value));
    return check.Check(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Cells with sketches as bytes, as MongoDB has them. */
export function storedCells(cells: MetricRecord['cells']): StoredCells {
  const toStored = (value: number | { sketch: string }): Stored =>
    typeof value === 'number' ? value : new Uint8Array(Buffer.from(value.sketch, 'base64'));
  return mapValues(cells, (values) => mapValues(values, (cell) => mapValues(cell, toStored)));
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
