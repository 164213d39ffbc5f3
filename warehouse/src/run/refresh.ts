import { WarehouseError } from '../errors.ts';
import { fillFoundDiscounts } from '../lake/fill-found-discounts.ts';
import { type LakeContent, noteFiles, openSources, type Scope } from '../lake/open-sources.ts';
import type { Project } from '../project/read-project.ts';
import type { Database } from './database.ts';
import { type ModelResult, runModels } from './run-models.ts';
import { type TestResult, testModels } from './test-models.ts';

/** What a run did. */
export interface Refreshed {
  /** Days of shops that were made anew. */
  readonly days: number;
  readonly models: readonly ModelResult[];
  readonly tests: readonly TestResult[];
}

/** What a run is made of. */
export interface RefreshOptions {
  readonly database: Database;
  readonly project: Project;
  readonly lake: LakeContent;
  readonly scope: Scope;
  /** Visits that were last seen by then have ended, epoch ms. */
  readonly settledThrough: number;
  readonly onModel?: (model: string) => void;
}

/**
 * Brings the warehouse up to the lake in one transaction: sources, models and tests of the data. Where a model or a test
 * fails, the warehouse stays as it was.
 * @throws {WarehouseError} `MODEL_FAILED` or `TESTS_FAILED`
 */
export async function refresh(options: RefreshOptions): Promise<Refreshed> {
  const { database, project, lake, scope, settledThrough, onModel = () => {} } = options;
  return database.inTransaction(async () => {
    const days = await openSources(database, lake, scope, settledThrough);
    await fillFoundDiscounts(database);
    const models = await runModels(database, project, { fullRefresh: scope.kind === 'all', onModel });
    const tests = await testModels(database, project);
    const failed = tests.filter(({ failures }) => failures > 0);
    if (failed.length > 0) throw new WarehouseError('TESTS_FAILED', describeFailures(failed));
    await noteFiles(database, lake.files);
    return { days, models, tests };
  });
}

/** What failed, with examples, for people. */
export function describeFailures(failed: readonly TestResult[]): string {
  const each = failed.map(({ test, failures, examples }) => {
    const shown = examples.map((row) => `      ${plain(row)}`);
    return [`  - ${test}: ${failures} ${failures === 1 ? 'row' : 'rows'}, such as`, ...shown].join('\n');
  });
  return `Data contradict the models, and the warehouse stays as it was:\n${each.join('\n')}`;
}

const plain = (row: Record<string, unknown>) =>
  JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? Number(value) : value));
