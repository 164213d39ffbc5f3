import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { catalog } from '@storepulse/contracts';
import { createApp } from '@storepulse/exporter/app';
import type { MetricStore } from '@storepulse/exporter/store/store';
import type { MemoryLive } from '@storepulse/exporter/testing/memory-live';
import { freePorts } from '@storepulse/local';
import { createServer } from '@storepulse/preview/server/createServer';
import { repositoryPaths } from '@storepulse/preview/server/paths';
import { pino } from 'pino';
import type { Locator, Page } from 'playwright-core';
import { type OpenBrowser, openBrowser, useBrowser } from './open-browser.ts';
import { twoShops, whatHappens } from './shops.ts';

/** A browser on the preview, which is in front of an exporter. */
export interface OpenPreview {
  page: Page;
  /** Its address, without a slash at its end. */
  address: string;
  /** Opens an address of the preview. */
  visit: (path: string) => Promise<void>;
  /** The panel of that title. */
  panel: (title: string) => Locator;
  /** What the page reported as errors so far. */
  errors: string[];
  /** Lets something happen in the shops: stores a document in a collection, which streams tell. */
  happens: MemoryLive['put'];
  /** Ends the exporter: from then on nothing listens at its address. */
  stopExporter: () => Promise<void>;
}

const SIZE = { width: 1280, height: 1600 };
const LOG = pino({ level: 'silent' });

/** What is otherwise than in most tests. */
export interface PreviewOptions {
  /** Address of a Prometheus. @default none */
  readonly prometheus?: string;
  /** What the exporter reads. @default two shops */
  readonly store?: MetricStore;
  /** Address of an exporter that runs. @default one of its own */
  readonly exporter?: string;
  /** The key that the preview has of the exporter. @default none */
  readonly apiKey?: string;
}

/** Opens a preview for one test; everything ends with the test. */
type Open = (
  t: TestContext,
  /** Beside the provisioned ones, as Grafana's classic JSON. */
  dashboards?: readonly object[],
  options?: PreviewOptions,
) => Promise<OpenPreview>;

/** All of it for one test, in a browser of its own. */
export const openPreview: Open = (t, dashboards, options) =>
  openAt(t, 0, () => openBrowser(t, SIZE), dashboards, options);

/**
 * The same in one browser for all tests of the file that calls this, see `useBrowser`. Each test has its own exporter and
 * preview; the previews have the same address one after the other, as a browser knows a script by its address.
 */
export function usePreview(): Open {
  const openPage = useBrowser(SIZE);
  let port: number | undefined;
  return async (t, dashboards, options) => {
    port ??= (await freePorts(1))[0]!;
    return openAt(t, port, () => openPage(t), dashboards, options);
  };
}

async function openAt(
  t: TestContext,
  port: number,
  openPage: () => Promise<OpenBrowser>,
  dashboards: readonly object[] = [],
  { prometheus = '', store, exporter: running, apiKey = '' }: PreviewOptions = {},
): Promise<OpenPreview> {
  const live = whatHappens();
  const read = store ?? twoShops(live);
  const exporter = await createApp({ store: read, catalog, log: LOG, version: '0.0.0' });
  const url = running ?? (await exporter.listen({ host: '127.0.0.1', port: 0 }));

  const paths = repositoryPaths();
  const preview = await createServer({
    paths: { ...paths, provisioning: await withDashboards(t, paths.provisioning, dashboards) },
    exporter: { url, apiKey },
    // Nothing listens at port 9; no test follows the link.
    simulator: { url: 'http://127.0.0.1:9' },
    prometheus: { url: prometheus },
    logger: LOG,
  });
  const address = await preview.listen({ host: '127.0.0.1', port });

  const { page, errors } = await openPage();
  // After the page, each before the one that it asks: a server waits for who is connected to it.
  t.after(async () => {
    await preview.close();
    await exporter.close();
  });
  return {
    page,
    address,
    errors,
    visit: async (path) => {
      await page.goto(address + path);
    },
    panel: (title) => page.getByTestId(`data-testid Panel header ${title}`),
    happens: live.put,
    stopExporter: () => exporter.close(),
  };
}

/** A copy of the provisioning folder with more dashboards; the folder itself when there are none. */
async function withDashboards(
  t: TestContext,
  folder: string,
  dashboards: readonly object[],
): Promise<string> {
  if (dashboards.length === 0) return folder;
  const copy = await mkdtemp(join(tmpdir(), 'storepulse-provisioning-'));
  t.after(() => rm(copy, { recursive: true }));
  await cp(folder, copy, { recursive: true });
  for (const [n, dashboard] of dashboards.entries()) {
    await writeFile(join(copy, 'dashboards', `more-${n}.json`), JSON.stringify(dashboard));
  }
  return copy;
}
