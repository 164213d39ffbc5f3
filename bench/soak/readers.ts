import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { api, overFetch } from '@storepulse/contracts';
import type { BackendRequest } from '@storepulse/contracts/grafana/backend-request';
import { anOrder, SHOP } from '@storepulse/contracts/testing/events';

/** Work that goes on until it is told to stop. */
export interface Loop {
  /** How often it has done its work, and how often that failed. */
  readonly counts: { done: number; failed: number };
  /** Waits until what was begun is done. */
  stop(): Promise<void>;
}

/** Does something again and again, each time so long after the last one began. A failure is counted, the first is printed. */
export function loop(name: string, everyMs: number, work: () => Promise<void>): Loop {
  const counts = { done: 0, failed: 0 };
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      const began = Date.now();
      try {
        await work();
        counts.done += 1;
      } catch (error) {
        counts.failed += 1;
        if (counts.failed === 1) process.stderr.write(`${name}: ${(error as Error).message}\n`);
      }
      const rest = Math.max(0, began + everyMs - Date.now());
      await sleep(rest, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const ended = run();
  return {
    counts,
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

interface Panel {
  readonly targets?: readonly Record<string, unknown>[];
  readonly panels?: readonly Panel[];
}

const DASHBOARDS = ['shop-overview', 'live', 'products', 'visitor-behaviour'];
/** Grafana's browsers ask for these elsewhere: streams, and lists for people. */
const LISTS = new Set(['live', 'records', 'search', 'facts', 'events', 'annotations']);
const MOST_QUERIES = 50;
const WEEK_MS = 7 * 86_400_000;
const POINTS = 500;

/** What open dashboards ask for with each refresh: the panels of those provided, of one shop, over the last week. */
export async function dashboardRefresh(exporter: string, shop: string): Promise<() => Promise<void>> {
  const queries = (await Promise.all(DASHBOARDS.map(targetsOf))).map((targets) =>
    targets.slice(0, MOST_QUERIES).map((target, n) => ({ ...target, refId: `Q${n}`, shop, filters: [] })),
  );
  const ask = overFetch({ fetch, url: exporter });
  return async () => {
    const to = Date.now();
    const range = { from: to - WEEK_MS, to };
    for (const of of queries) {
      const body = {
        queries: of.map((query) => ({ refId: query.refId, query, range, maxDataPoints: POINTS })),
      } as unknown as BackendRequest;
      const { results } = await ask(api.grafanaQuery(body));
      const wrong = Object.entries(results).find(([, { error }]) => error !== undefined);
      if (wrong) throw new Error(`${JSON.stringify(of[Number(wrong[0].slice(1))])}: ${wrong[1].error}`);
    }
  };
}

async function targetsOf(dashboard: string): Promise<Record<string, unknown>[]> {
  const file = new URL(`../../provisioning/grafana/dashboards/${dashboard}.json`, import.meta.url);
  const { panels } = JSON.parse(await readFile(file, 'utf8')) as { panels: Panel[] };
  const all = (list: readonly Panel[]): Record<string, unknown>[] =>
    list.flatMap((panel) => [...(panel.targets ?? []), ...all(panel.panels ?? [])]);
  // A live panel's stream is read elsewhere, and variables other than the shop stand for nothing here.
  return all(panels).filter(
    ({ queryType, ...target }) =>
      !LISTS.has(String(queryType)) &&
      !/\$(?!shop\b|country\b|channel\b|device\b)\w/.test(JSON.stringify(target)),
  );
}

/** Follows what happens in a shop, as a live panel does, until it is stopped; reads anew when the stream ends. */
export function followLive(exporter: string, shop: string): Loop {
  const leaving = new AbortController();
  const following = loop('live', 1_000, async () => {
    const url = `${exporter}/api/v1/live/metrics?shop=${shop}&metric=orders&metric=net_sales&resolution=1m`;
    try {
      const answer = await fetch(url, { signal: leaving.signal });
      if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
      for await (const _ of answer.body!);
    } catch (error) {
      if (!leaving.signal.aborted) throw error;
    }
  });
  return {
    counts: following.counts,
    stop: async () => {
      leaving.abort();
      await following.stop();
    },
  };
}

/** Reads all of an answer that must be 200. */
export async function read(url: string, init?: RequestInit): Promise<string> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text.slice(0, 500)}`);
  return text;
}

/** A shop that sends its orders to the collector. @returns sends so many orders; the number that was acknowledged so far */
export async function shopOverHttp(collector: string, shop: string) {
  let orders = 0;
  const post = async (events: readonly object[]) => {
    const headers = { 'content-type': 'application/json' };
    await read(`${collector}/v1/events`, { method: 'POST', headers, body: JSON.stringify(events) });
  };
  await post([{ ...SHOP, shop, retention: 'standard', eventId: `${shop}-opened` }]);
  return {
    get orders() {
      return orders;
    },
    send: async (count: number) => {
      const events = Array.from({ length: count }, (_, n) => {
        const name = `${shop}-${orders + n}`;
        const ids = {
          orderId: name,
          eventId: `event-${name}`,
          visitorId: `v-${name}`,
          sessionId: `s-${name}`,
        };
        return anOrder({ shop, ...ids, eventTime: Date.now() });
      });
      await post(events);
      orders += count;
    },
  };
}
