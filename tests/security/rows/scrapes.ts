import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { catalog } from '@storepulse/contracts';
import { ExporterError } from '@storepulse/exporter/errors';
import type { LifetimeWindow, MetricStore } from '@storepulse/exporter/store/store';
import { appOver } from '@storepulse/exporter/testing/app';
import { documentsOf } from '@storepulse/exporter/testing/documents';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeShop } from '@storepulse/exporter/testing/shops';
import { createRandom, type Random } from '@storepulse/simulator/random/random';
import type { Row } from '../../chaos/row.ts';
import { createAttempts } from '../../chaos/support/attempts.ts';

const AT_ONCE = 50;
const SLOWEST_MS = 40;
const NOW = Date.UTC(2026, 0, 1, 12);
const shop = makeShop({ scale: 2 });
/** What a piece costs, in minor units. */
const PRICE = 1_000;
/** One read in so many fails. */
const FAILS = 10;
/** Texts that may be written at a time, each of a reading that is over: one of each format. */
const TEXTS_WRITTEN = 2;
const ACCEPT = ['text/plain', 'application/openmetrics-text;version=1.0.0', '*/*'];

/** One reading of the store: how many pieces it found; undefined: it failed. */
interface Read {
  readonly units: number | undefined;
  /** Infinite while it goes on. */
  ended: number;
}

/** Many scrapers at once, over a store that is slow, fails now and then, and has another piece sold with every read. */
export const scrapes: Row = {
  id: 'R12',
  what: '50 concurrent scrapes, in both formats, of a store that takes up to 40 ms for an answer and fails now and then',
  figure: 'wrong values 0; one store read at a time; where the store failed, no value at all',
  repeats: 1_000,
  small: 200,
  run: async ({ name, repeats, onRepeat }) => {
    const attempts = createAttempts({ onRepeat });
    const { store, reads, mostAtOnce } = slowStore(createRandom(name));
    const app = await appOver(store, NOW);
    await app.listen({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/metrics`;
    const took: number[] = [];
    let left = repeats;
    const scrapeOn = async () => {
      while (left-- > 0) {
        const began = performance.now();
        const answer = await fetch(url, { headers: { accept: ACCEPT[left % ACCEPT.length]! } });
        const text = await answer.text();
        took.push(performance.now() - began);
        // Whoever comes while a text is written shares it: it may be of the reading before, of either format.
        const isOver = reads.filter((read) => read.ended < began).length;
        const fault = faultOf(text, reads.slice(Math.max(0, isOver - TEXTS_WRITTEN)));
        attempts.counted(1, fault === undefined ? 1 : 0);
        if (fault !== undefined) attempts.fail(fault);
        onRepeat(fault);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, scrapeOn));
    await app.close();
    if (mostAtOnce() > 1) attempts.fail(`${mostAtOnce()} store reads at once`);
    if (reads.length >= repeats / 2) attempts.fail(`${reads.length} reads for ${repeats} scrapes`);
    attempts.figure('store reads', reads.length);
    attempts.figure('store reads at once', mostAtOnce());
    attempts.figure(
      'p99 of a scrape, ms',
      Math.round(took.sort((a, b) => a - b)[Math.floor(took.length * 0.99)]!),
    );
    return attempts.outcome();
  },
};

/** What is wrong with a scrape, given the readings that it may be of. */
function faultOf(text: string, readings: readonly Read[]): string | undefined {
  const valueAt = (name: string) => new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1];
  const units = valueAt('storepulse_units_total');
  const sales = valueAt('storepulse_gross_sales_total');
  const isUp = valueAt('storepulse_store_up');
  const found = readings.find((read) => String(read.units) === String(units && Number(units)));
  const shown = `units ${units}, sales ${sales}, store up ${isUp}`;
  if (found === undefined) return `${shown}, and no reading of the time found that`;
  if (found.units === undefined)
    return isUp === '0' && sales === undefined ? undefined : `${shown} after a failure`;
  const isWhole = isUp === '1' && Number(sales) === (found.units * PRICE) / 100;
  return isWhole ? undefined : `${shown}, which is of two readings`;
}

function slowStore(random: Random) {
  const reads: Read[] = [];
  let units = 0;
  let atOnce = 0;
  let most = 0;
  const lifetimes = async (shops: readonly string[], groups: readonly string[]) => {
    units++;
    const adds = { units, gross_sales: units * PRICE };
    const documents = documentsOf(catalog, shop, [{ time: NOW, adds }], ['all']);
    const fails = reads.length % FAILS === FAILS - 1;
    const read = { units: fails ? undefined : units, ended: Number.POSITIVE_INFINITY };
    reads.push(read);
    atOnce++;
    most = Math.max(most, atOnce);
    await sleep(random.integer(1, SLOWEST_MS));
    atOnce--;
    read.ended = performance.now();
    if (fails) throw new ExporterError('store_timeout', 'the store took too long');
    return documents.filter(
      (document) => shops.includes(document.shop) && groups.includes(document.group),
    ) as readonly LifetimeWindow[];
  };
  const memory = createMemoryStore({ shops: [shop], documents: [] });
  const store: MetricStore = { ...memory, lifetimes, counted: async () => new Map() };
  return { store, reads, mostAtOnce: () => most };
}
