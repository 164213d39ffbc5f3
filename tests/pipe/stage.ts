import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningPart } from '@storepulse/local';
import { apiSource } from '../support/figures/api.ts';
import type { Source } from '../support/figures/figures.ts';
import { mongoSource } from '../support/figures/mongo.ts';
import { prometheusSource } from '../support/figures/prometheus.ts';
import { readMetricsTopic, type TopicReader } from '../support/figures/topic.ts';
import { untilDrained } from '../support/pipeline/drained.ts';
import type { Pipeline } from '../support/pipeline/pipeline.ts';
import { type ProgramRun, replay } from '../support/pipeline/programs.ts';
import type { Servers } from '../support/servers.ts';

/** The shops that the whole file is replayed into, one for each of its published forms. */
export const SHOPS = ['iso', 'kaggle'];

/** A whole pipe: a processor and an exporter that run, and every place that figures are read from. */
export interface Stage {
  readonly pipeline: Pipeline;
  readonly processor: RunningPart;
  readonly exporter: RunningPart;
  readonly topic: TopicReader;
  readonly sources: readonly Source[];
  /** Replays a file of this content and waits until it has come through; returns what the program said. */
  tell(shop: string, content: Buffer): Promise<ProgramRun>;
}

/** Starts the parts on a pipeline of the servers. */
export async function setUp(servers: Servers, name: string): Promise<Stage> {
  const pipeline = servers.pipeline(name);
  const processor = await pipeline.start('processor');
  const exporter = await pipeline.start('exporter');
  const topic = await readMetricsTopic(pipeline);
  return {
    pipeline,
    processor,
    exporter,
    topic,
    sources: [mongoSource(pipeline), topic.source, apiSource(exporter.url), prometheusSource(exporter.url)],
    tell: async (shop, content) => {
      const file = join(servers.folder, `${name}-${shop}.csv`);
      await writeFile(file, content);
      const run = await replay(pipeline, { file, shop });
      await untilDrained(pipeline);
      await topic.untilLevel();
      return run;
    },
  };
}
