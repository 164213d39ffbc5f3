import nunjucks from 'nunjucks';
import { WarehouseError } from '../errors.ts';
import type { Materialization, ModelConfig, ModelFile, Project } from './read-project.ts';

/** Schema of the models' relations, and that of what they read: dbt's default, and the source's name. */
export const MODEL_SCHEMA = 'main';
export const SOURCE_SCHEMA = 'lake';

/** A template as it came out. */
export interface Rendered {
  readonly sql: string;
  /** Models that it names, itself not among them. */
  readonly refs: ReadonlySet<string>;
  readonly config: ModelConfig;
}

/** What a template is rendered for. */
export interface RenderContext {
  /** The relation that the model becomes. */
  readonly model: string;
  /** Whether the relation is there and is added to. */
  readonly isIncremental: boolean;
}

/** Renders a template of a project. */
export type Render = (text: string, context: RenderContext) => Rendered;

/**
 * Builds what renders the templates of a project as dbt does: `ref`, `source`, `var`, `config`, `this`, `target`,
 * `is_incremental` and the project's macros. Jinja's loops, conditions and macros are those of Nunjucks.
 */
export function createRenderer(project: Project): Render {
  const environment = new nunjucks.Environment(null, { autoescape: false, throwOnUndefined: true });
  const compiled = new Map<string, nunjucks.Template>();
  const templateOf = (text: string) => {
    const known = compiled.get(text);
    if (known) return known;
    const template = new nunjucks.Template(`${project.macros}\n${text}`, environment, undefined, true);
    compiled.set(text, template);
    return template;
  };
  return (text, { model, isIncremental }) => {
    const refs = new Set<string>();
    let materialized: Materialization | undefined;
    const preHooks: string[] = [];
    const globals = {
      ref: (name: string) => {
        refs.add(name);
        return relationOf(name);
      },
      source: (schema: string, name: string) => `${schema}.${name}`,
      var: (name: string, standard?: unknown) => {
        const value = project.vars[name] ?? standard;
        if (value === undefined) throw new WarehouseError('PROJECT', `${model}: there is no var "${name}"`);
        return value;
      },
      config: (options: { materialized?: Materialization; pre_hook?: string }) => {
        materialized = options.materialized ?? materialized;
        if (options.pre_hook !== undefined) preHooks.push(options.pre_hook);
        return '';
      },
      this: relationOf(model),
      target: { type: 'duckdb' },
      is_incremental: () => isIncremental,
    };
    let sql: string;
    try {
      sql = templateOf(text).render(globals).trim();
    } catch (error) {
      throw new WarehouseError('PROJECT', `${model}: ${(error as Error).message}`, { cause: error });
    }
    refs.delete(model);
    return { sql, refs, config: { ...(materialized ? { materialized } : {}), preHooks } };
  };
}

/** The relation of a model. */
export const relationOf = (model: string): string => `${MODEL_SCHEMA}.${model}`;

/** A model with what its template says of it. */
export interface Model {
  readonly file: ModelFile;
  readonly refs: ReadonlySet<string>;
  readonly materialized: Materialization;
  readonly preHooks: readonly string[];
}

/**
 * The models of a project, each after those that it names.
 * @throws {WarehouseError} `PROJECT` for a model that is not there, and for a circle
 */
export function modelsInOrder(project: Project, render: Render): readonly Model[] {
  const models = new Map(
    project.models.map((file): [string, Model] => {
      const { refs, config } = render(file.text, { model: file.name, isIncremental: false });
      const materialized = config.materialized ?? file.config.materialized ?? 'view';
      return [
        file.name,
        { file, refs, materialized, preHooks: [...file.config.preHooks, ...config.preHooks] },
      ];
    }),
  );
  const ordered: Model[] = [];
  const states = new Map<string, 'entered' | 'left'>();
  const visit = (name: string, from: string) => {
    const model = models.get(name);
    if (!model) throw new WarehouseError('PROJECT', `${from} names the model ${name}, which is not there`);
    if (states.get(name) === 'left') return;
    if (states.get(name) === 'entered')
      throw new WarehouseError('PROJECT', `${name} is made from itself, by way of ${from}`);
    states.set(name, 'entered');
    for (const ref of model.refs) visit(ref, name);
    states.set(name, 'left');
    ordered.push(model);
  };
  for (const name of models.keys()) visit(name, name);
  return ordered;
}
