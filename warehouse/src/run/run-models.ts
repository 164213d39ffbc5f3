import { WarehouseError } from '../errors.ts';
import type { Project } from '../project/read-project.ts';
import { createRenderer, type Model, modelsInOrder, relationOf } from '../project/render.ts';
import { type Database, firstLine } from './database.ts';

/** What became of a model. */
export interface ModelResult {
  readonly model: string;
  readonly ms: number;
}

/**
 * Makes all models of a project, each after those that it reads: views and tables anew, incremental ones for the changed
 * days.
 * @param options.fullRefresh makes incremental models anew as well. @default false
 * @param options.onModel told of each before it is made
 * @throws {WarehouseError} `MODEL_FAILED`
 */
export async function runModels(
  database: Database,
  project: Project,
  {
    fullRefresh = false,
    onModel = () => {},
  }: { fullRefresh?: boolean; onModel?: (model: string) => void } = {},
): Promise<ModelResult[]> {
  const render = createRenderer(project);
  const results: ModelResult[] = [];
  for (const model of modelsInOrder(project, render)) {
    const { name, path } = model.file;
    onModel(name);
    const began = performance.now();
    const isIncremental =
      !fullRefresh && model.materialized === 'incremental' && (await database.hasRelation(name));
    const context = { model: name, isIncremental };
    const hooks = model.preHooks.map((hook) => render(hook, context).sql).filter((sql) => sql !== '');
    try {
      for (const sql of [...hooks, statementOf(model, render(model.file.text, context).sql, isIncremental)])
        await database.run(sql);
    } catch (error) {
      throw new WarehouseError('MODEL_FAILED', `${path}: ${firstLine(error)}`, { cause: error });
    }
    results.push({ model: name, ms: Math.round(performance.now() - began) });
  }
  return results;
}

function statementOf({ file, materialized }: Model, select: string, isIncremental: boolean): string {
  const relation = relationOf(file.name);
  if (materialized === 'view') return `create or replace view ${relation} as ${select}`;
  if (isIncremental) return `insert into ${relation} by name ${select}`;
  return `create or replace table ${relation} as ${select}`;
}
