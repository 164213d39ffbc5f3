import type { Catalog, StoredMetric, StoredMetricDocument } from '@storepulse/contracts';
import type { ClientSession, Collection } from 'mongodb';
import { ProcessorError } from '../errors.ts';
import { through } from './causal-reads.ts';

/** By stored metric, the begin (epoch ms) of each of its generations; the last one is counted. */
export type Generations = ReadonlyMap<string, readonly number[]>;

const DUPLICATE_KEY = 11_000;

/**
 * Compares the catalogue with what is stored, and notes the metrics that are new. Nothing is noted when it refuses.
 * @throws {ProcessorError} `METRIC_CHANGED` or `METRIC_MISSING`, each naming the way out
 */
export async function registerMetrics(
  collection: Collection<StoredMetricDocument>,
  catalog: Catalog,
): Promise<Generations> {
  const metrics = storedMetricsOf(catalog);
  const stored = await readStoredMetrics(collection);
  refuseMissing(stored, catalog);
  refuseChanged(stored, catalog);
  const unknown = metrics.filter(({ name }) => !stored.has(name));
  if (unknown.length > 0) {
    const documents = unknown.map((metric) => newDocument(metric, catalog));
    // Another process may begin with the same catalogue at the same time.
    await collection.insertMany(documents, { ordered: false }).catch(ignoreDuplicates);
  }
  const returned = metrics.filter(({ name }) => stored.get(name)?.forgotten);
  for (const { name } of returned) await remember(collection, stored.get(name)!, catalog);
  const now = await readStoredMetrics(collection);
  return new Map(metrics.map(({ name }) => [name, now.get(name)!.generations.map(({ from }) => from)]));
}

/**
 * Notes that a metric was removed on purpose.
 * @returns false when no such metric is counted
 * @throws {ProcessorError} `REBUILD_REFUSED` when the catalogue still has it
 */
export async function forgetMetric(
  collection: Collection<StoredMetricDocument>,
  catalog: Catalog,
  name: string,
): Promise<boolean> {
  if (catalog.schemaHashes.has(name)) {
    throw new ProcessorError(
      'REBUILD_REFUSED',
      `${name} is in the catalogue: remove it there first (contracts/src/catalog/metrics/, or your CATALOG_FILE).`,
    );
  }
  const { matchedCount } = await collection.updateOne(
    { _id: name, forgotten: { $ne: true } },
    { $set: { forgotten: true } },
  );
  return matchedCount > 0;
}

/** All stored metrics by name. @param reads the session of a claim that they are read for. @default none */
export async function readStoredMetrics(
  collection: Collection<StoredMetricDocument>,
  reads?: ClientSession,
): Promise<Map<string, StoredMetricDocument>> {
  const found = await collection.find({}, through(reads)).toArray();
  return new Map(found.map((document) => [document._id, document]));
}

/** The catalogue's stored metrics. */
export const storedMetricsOf = (catalog: Catalog): StoredMetric[] => [...catalog.groups.values()].flat();

/** The account of a metric that was never counted. */
export function newDocument({ name, measure }: StoredMetric, catalog: Catalog): StoredMetricDocument {
  const hash = catalog.schemaHashes.get(name)!;
  return { _id: name, measure, generations: [{ hash, from: 0, at: new Date() }], started: {} };
}

/** A metric that was forgotten and is back: counted from now on, in a field apart from what it had before. */
export async function remember(
  collection: Collection<StoredMetricDocument>,
  { _id, generations }: StoredMetricDocument,
  catalog: Catalog,
): Promise<void> {
  const measure = storedMetricsOf(catalog).find(({ name }) => name === _id)!.measure;
  const generation = { hash: catalog.schemaHashes.get(_id)!, from: 0, at: new Date() };
  await collection.updateOne(
    { _id, forgotten: true, generations: { $size: generations.length } },
    {
      $set: { measure, generations: [...generations, generation], started: {} },
      $unset: { forgotten: true },
    },
  );
}

/** Whether a process that began with the generations `known` counts a metric as it is stored now. */
export function isCounted(
  { _id, generations }: Pick<StoredMetricDocument, '_id' | 'generations'>,
  catalog: Catalog,
  known: Generations,
): boolean {
  return (
    generations.at(-1)!.hash === catalog.schemaHashes.get(_id) &&
    generations.length === known.get(_id)?.length
  );
}

function refuseMissing(stored: ReadonlyMap<string, StoredMetricDocument>, catalog: Catalog): void {
  const missing = [...stored.values()].filter(
    ({ _id, forgotten }) => !forgotten && !catalog.schemaHashes.has(_id),
  );
  if (missing.length === 0) return;
  const names = missing.map(({ _id }) => _id);
  throw new ProcessorError(
    'METRIC_MISSING',
    `The database counts ${names.join(', ')}, which this catalogue lacks: a newer release has worked on it, and this one would leave gaps. Use the newer release, or give it the CATALOG_FILE that it had; or, if the metric was removed on purpose: ${names.map((name) => `npm run rebuild -- --forget ${name}`).join('; ')}`,
  );
}

function refuseChanged(stored: ReadonlyMap<string, StoredMetricDocument>, catalog: Catalog): void {
  const changed = [...catalog.schemaHashes].filter(([name, hash]) => {
    const document = stored.get(name);
    return document && !document.forgotten && document.generations.at(-1)!.hash !== hash;
  });
  if (changed.length === 0) return;
  const names = changed.map(([name]) => name);
  throw new ProcessorError(
    'METRIC_CHANGED',
    `The definition of ${names.join(', ')} changed since its cells were stored: give the metric a new name, or count it anew from the log: ${names.map((name) => `npm run rebuild -- --metric ${name}`).join('; ')}`,
  );
}

function ignoreDuplicates(error: { code?: number }): void {
  if (error.code !== DUPLICATE_KEY) throw error;
}
