import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from '@storepulse/local';
import { createGuard } from '@storepulse/local/processes/guard';
import { createService } from '@storepulse/local/processes/service';
import { findPrometheus } from '@storepulse/local/programs/find';

/** Seconds between two scrapes. */
export const SCRAPE_S = 1;

/** A sample: when it was taken, seconds since the epoch, and its value. */
export type TimedSample = readonly [time: number, value: string];

/** A real Prometheus that scrapes one exporter every second, with what exemplars need. */
export interface TestPrometheus extends AsyncDisposable {
  /** The number that an instant query answers with; undefined when it answers with nothing. */
  number(query: string, time?: number): Promise<number | undefined>;
  /** The raw samples of the one series that a selector such as `x{shop="a"}[5m]` finds. */
  samples(selector: string): Promise<readonly TimedSample[]>;
  /** The labels of the exemplars that it has of a series. */
  exemplars(selector: string): Promise<readonly Readonly<Record<string, string>>[]>;
}

interface Answer<Data> {
  readonly data: Data;
}
interface Vector {
  readonly result: readonly { readonly value?: TimedSample; readonly values?: readonly TimedSample[] }[];
}
type Series = readonly { readonly exemplars: readonly { readonly labels: Record<string, string> }[] }[];

/** Starts one. @param target URL of the exporter */
export async function startPrometheus(target: string, folder: string): Promise<TestPrometheus> {
  const [port] = await freePorts(1);
  const config = join(folder, 'prometheus.yml');
  await mkdir(folder, { recursive: true });
  const scrape = { job_name: 'exporter', static_configs: [{ targets: [new URL(target).host] }] };
  await writeFile(
    config,
    JSON.stringify({
      global: { scrape_interval: `${SCRAPE_S}s`, scrape_timeout: `${SCRAPE_S}s` },
      scrape_configs: [scrape],
    }),
  );
  const self = `127.0.0.1:${port}`;
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${self}`,
  ];
  const guard = createGuard();
  const service = createService(
    {
      name: 'prometheus',
      launch: async () => ({
        ...{ command: await findPrometheus(), env: process.env },
        args: [...args, '--enable-feature=exemplar-storage'],
      }),
      isReady: async () => (await fetch(`http://${self}/-/ready`)).ok,
      ...{ startTimeoutMs: 60_000, stopGraceMs: 5_000 },
    },
    { folder, guard },
  );
  await service.start();
  const ask = async <Data>(path: string, parameters: Record<string, string>): Promise<Data> => {
    const answer = await fetch(`http://${self}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    return ((await answer.json()) as Answer<Data>).data;
  };
  return {
    number: async (query, time) => {
      const { result } = await ask<Vector>('query', {
        query,
        ...(time === undefined ? {} : { time: String(time) }),
      });
      const value = result[0]?.value?.[1];
      return value === undefined ? undefined : Number(value);
    },
    samples: async (selector) => (await ask<Vector>('query', { query: selector })).result[0]?.values ?? [],
    exemplars: async (selector) => {
      const now = Date.now() / 1_000;
      const range = { start: String(now - 3_600), end: String(now + 60) };
      const series = await ask<Series>('query_exemplars', { query: selector, ...range });
      return series.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels));
    },
    [Symbol.asyncDispose]: async () => {
      await service.stop();
      await guard.close();
    },
  };
}
