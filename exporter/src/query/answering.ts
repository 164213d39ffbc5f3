import { type Catalog, zoneCalendar } from '@storepulse/contracts';
import type { Depth } from '../depth/depth.ts';
import type { ErrorCode } from '../errors.ts';
import { createSnapshots } from '../facts/snapshots.ts';
import type { MetricStore } from '../store/store.ts';
import { type Admission, createAdmission } from '../work/admission.ts';
import { type Allowances, createAllowances } from '../work/allowance.ts';
import type { Limits } from '../work/limits.ts';
import { createPacer } from '../work/pacer.ts';
import type { AnswerDeps } from './answer.ts';
import { createAnswerCache } from './answer-cache.ts';
import type { Answered } from './recall.ts';
import { createStateReader } from './request-state.ts';
import { createWindowCache } from './window-cache.ts';

/** What answers requests, and what it uses for it. */
export interface Answering {
  readonly deps: AnswerDeps;
  /** The same, for a client that wants stored windows to be read anew, whatever is kept of them. */
  readonly uncached: AnswerDeps;
  readonly allowances: Allowances;
  readonly admission: Admission;
  /** Memory that is kept between requests, bytes. */
  readonly keptBytes: { windows(): number; answers(): number; facts(): number };
}

/** Of the memory for windows, what answers are kept in: an answer takes about a fifth of its windows. */
const SHARE_OF_ANSWERS = 1 / 4;

/** Builds what answers requests; a process has one. */
export function createAnswering(options: {
  store: MetricStore;
  catalog: Catalog;
  /** Told with every answer, so that a client knows when its copy of the catalogue is old. */
  catalogVersion: string;
  limits: Limits;
  /** Wall clock, epoch ms. */
  now: () => number;
  /** Told of failures that are ours. */
  onFailure: (error: unknown) => void;
  /** Told of each query that is not answered. */
  onRefusal: (code: ErrorCode) => void;
  /** Rows of the lake, for any combination of dimensions. @default none */
  depth?: Depth | undefined;
  /** Facts of one shop and kind that are read at once. @default 2,000,000 */
  maxFacts?: number;
  /** Visits that one funnel may go over. @default 200,000 */
  maxVisits?: number;
}): Answering {
  const { store, catalog, catalogVersion, limits, now, onFailure, onRefusal, maxFacts, maxVisits, depth } =
    options;
  const pacer = createPacer();
  const admission = createAdmission();
  const windows = createWindowCache(store, pacer, limits.windowCacheBytes * (1 - SHARE_OF_ANSWERS));
  const answers = createAnswerCache<Answered>(limits.windowCacheBytes * SHARE_OF_ANSWERS);
  const snapshots = createSnapshots(store, now, limits.factCacheBytes, maxFacts);
  const readState = createStateReader(store, catalog);
  const deps: AnswerDeps = {
    ...{ store, catalog, catalogVersion, snapshots, windows, answers, pacer, admission, readState },
    ...{ calendarOf: zoneCalendar, now, onFailure, onRefusal, maxVisits, depth },
  };
  return {
    deps,
    uncached: { ...deps, windows: createWindowCache(store, pacer, 0), answers: createAnswerCache(0) },
    allowances: createAllowances(limits),
    admission,
    keptBytes: { windows: windows.bytes, answers: answers.bytes, facts: snapshots.bytes },
  };
}
