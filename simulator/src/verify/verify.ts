import { type Catalog, defaultScale } from '@storepulse/contracts';
import type { Db } from 'mongodb';
import { MARKETS } from '../world/markets.ts';
import type { Comparison } from './compare-windows.ts';
import { compareWindows, createFindings, type Difference, type SurfaceSummary } from './compare-windows.ts';
import { untilDrained } from './drained.ts';
import { compareFates, countedFates, type FateComparison, recordsOnTopics } from './fates.ts';
import type { ShopTruth, Truth } from './gather-truth.ts';
import { judgementOf } from './judgement.ts';
import type { TopicSource } from './read-topic.ts';
import { COARSE_FIRST, countWindows, expectedSpans, keptFrom } from './spans.ts';
import { expositionSurface } from './surfaces/exposition.ts';
import { mongoSurface } from './surfaces/mongodb.ts';
import { queryApiSurface } from './surfaces/query-api.ts';
import { type ShopOfFigures, type Surface, type SurfaceName, storedMetrics } from './surfaces/surface.ts';
import { topicSurface } from './surfaces/topic.ts';
import { localDates } from './window-keys.ts';

/** What came out of a comparison. */
export interface Report {
  readonly shops: readonly string[];
  readonly windows: number;
  readonly surfaces: ReadonlyMap<SurfaceName, SurfaceSummary>;
  /** The first thousand. */
  readonly differences: readonly Difference[];
  /** Undefined: others than the simulator have sent records too, and what became of those is not known. */
  readonly fates: readonly FateComparison[] | undefined;
  /** Shops that the ledger does not know. */
  readonly otherShops: readonly string[];
}

/** Told how far it is. */
export interface VerifyProgress {
  waiting(left: number): void;
  reading(what: string): void;
  comparing(done: number, total: number): void;
}

/** What is compared, and where. */
export interface VerifyOptions {
  readonly truth: Truth;
  readonly catalog: Catalog;
  readonly source: TopicSource;
  readonly db: Db;
  /** Of the exporter. */
  readonly exporter: string;
  /** Key of the exporter. @default it asks for none */
  readonly exporterKey?: string | undefined;
  readonly progress: VerifyProgress;
}

/**
 * Compares the ledger with everything that shows its figures, once the processor has nothing left to do. The traffic
 * must be at rest.
 * @throws {SimulatorError} when something can't be read, or the processor does not go on
 */
export async function verify(options: VerifyOptions): Promise<Report> {
  for (let comparison = 1; ; comparison++) {
    const { before, after, ...report } = await compareOnce(options);
    const isAtRest = report.differences.length === 0 || after === before;
    if (isAtRest || comparison === MOST_COMPARISONS) return report;
    // The processor has worked meanwhile, such as by settling visits: the surfaces were read at different states.
  }
}

/** Where the processor works on and on, what differs is told in the end. */
const MOST_COMPARISONS = 3;

/** One comparison. @returns what came out, and how far the processor was before and after */
async function compareOnce({ truth, catalog, source, db, exporter, exporterKey, progress }: VerifyOptions) {
  await untilDrained(source, db, progress.waiting);
  const judgements = new Map(
    await Promise.all(truth.shops.map(async ({ shop }) => [shop, await judgementOf(db, shop)] as const)),
  );
  // Judging makes commits and notices of its own.
  const before = await untilDrained(source, db, progress.waiting);

  progress.reading('the topic metrics');
  const now = Date.now();
  const known = new Set(truth.shops.map(({ shop }) => shop));
  const surfaces: readonly Surface[] = [
    mongoSurface(db, catalog),
    await topicSurface(
      source,
      catalog,
      (shop, resolution, start) =>
        known.has(shop) && (resolution === '1d' || start >= keptFrom(resolution, now)),
    ),
    queryApiSurface(exporter, catalog, exporterKey),
    await expositionSurface(exporter, catalog, exporterKey),
  ];
  const findings = createFindings(surfaces.map(({ name }) => name));
  const metrics = storedMetrics(catalog);
  const total = truth.shops.reduce((sum, shop) => sum + windowsOf(shop, now), 0);
  let done = 0;
  for (const shop of truth.shops) {
    const comparison = { metrics, judgement: judgements.get(shop.shop)!, findings };
    await compareShop(shop, surfaces, now, comparison, (windows) => {
      done += windows;
      progress.comparing(done, total);
    });
  }

  const otherShops = await shopsBeside(db, known);
  const fates =
    otherShops.length > 0
      ? undefined
      : compareFates(truth.fates, await countedFates(db), await recordsOnTopics(source));
  const after = await untilDrained(source, db, progress.waiting);
  return {
    before,
    after,
    shops: [...known],
    windows: total,
    surfaces: findings.summaries,
    differences: findings.differences,
    fates,
    otherShops,
  };
}

async function compareShop(
  { shop, market, parts }: ShopTruth,
  surfaces: readonly Surface[],
  now: number,
  comparison: Comparison,
  onCompared: (windows: number) => void,
): Promise<void> {
  const { currency, timeZone } = MARKETS[market];
  const figures: ShopOfFigures = { shop, scale: defaultScale(currency), dateOf: localDates(timeZone) };
  for (const resolution of COARSE_FIRST) {
    for (const { span, withGap, windows } of expectedSpans(parts, resolution, figures.dateOf, now)) {
      for (const surface of surfaces) {
        if (!surface.tells(resolution)) continue;
        if (!surface.tellsGaps && windows.size === 0) continue;
        const shown = await surface.read(figures, surface.tellsGaps ? withGap : span);
        compareWindows(surface, figures, resolution, windows, shown, comparison);
      }
      onCompared(windows.size);
    }
  }
}

function windowsOf({ market, parts }: ShopTruth, now: number): number {
  const dateOf = localDates(MARKETS[market].timeZone);
  return COARSE_FIRST.reduce((sum, resolution) => sum + countWindows(parts, resolution, dateOf, now), 0);
}

async function shopsBeside(db: Db, known: ReadonlySet<string>): Promise<string[]> {
  const shops = await db
    .collection<{ shop: string }>('shops')
    .find({}, { projection: { shop: 1 } })
    .toArray();
  return shops.map(({ shop }) => shop).filter((shop) => !known.has(shop));
}
