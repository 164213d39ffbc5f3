import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { parse } from 'yaml';
import { WarehouseError } from '../errors.ts';
import { type DataTest, testsOf } from './read-tests.ts';

/** How a model becomes a relation: dbt's words. */
export type Materialization = 'view' | 'table' | 'incremental';

/** What a model is made with: of its folder in `dbt_project.yml`, or by `config()` in itself. */
export interface ModelConfig {
  readonly materialized?: Materialization;
  /** Statements before the model, templates as the model is. */
  readonly preHooks: readonly string[];
}

/** A model as it is in its file. */
export interface ModelFile {
  readonly name: string;
  /** From the project's folder, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly config: ModelConfig;
}

/** A query that must find nothing. */
export interface SingularTest {
  readonly name: string;
  readonly text: string;
}

/** A dbt project, as far as it is used here. */
export interface Project {
  readonly models: readonly ModelFile[];
  /** Text of all macros, to be put before a template. */
  readonly macros: string;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly tests: readonly DataTest[];
  readonly singularTests: readonly SingularTest[];
}

/** The folder of the product's own models. */
export const PROJECT_FOLDER = join(import.meta.dirname, '..', '..');

interface ProjectFile {
  readonly name: string;
  readonly models?: Readonly<Record<string, Readonly<Record<string, FolderConfig>>>>;
  readonly vars?: Readonly<Record<string, unknown>>;
}
interface FolderConfig {
  readonly '+materialized'?: Materialization;
  readonly '+pre_hook'?: string;
}

/**
 * Reads a project from its folder: `dbt_project.yml`, `models/`, `macros/` and `tests/`.
 * @throws {WarehouseError} `PROJECT` for a model's name twice, and for tests of a kind that is not known
 */
export function readProject(folder = PROJECT_FOLDER): Project {
  const file = parse(readFileSync(join(folder, 'dbt_project.yml'), 'utf8')) as ProjectFile;
  const folders = file.models?.[file.name] ?? {};
  const models = filesOf(folder, 'models', '.sql').map(({ path, text }): ModelFile => {
    const config = folders[path.split('/')[1]!] ?? {};
    const hook = config['+pre_hook'];
    return {
      name: basename(path, '.sql'),
      path,
      text,
      config: {
        ...(config['+materialized'] === undefined ? {} : { materialized: config['+materialized'] }),
        preHooks: hook === undefined ? [] : [hook],
      },
    };
  });
  const names = new Set<string>();
  for (const { name, path } of models) {
    if (names.has(name)) throw new WarehouseError('PROJECT', `${path}: there is another model ${name}`);
    names.add(name);
  }
  return {
    models,
    macros: filesOf(folder, 'macros', '.sql')
      .map(({ text }) => text)
      .join('\n'),
    vars: file.vars ?? {},
    tests: filesOf(folder, 'models', '.yml').flatMap(({ path, text }) => testsOf(path, parse(text))),
    singularTests: filesOf(folder, 'tests', '.sql').map(({ path, text }) => ({
      name: basename(path, '.sql'),
      text,
    })),
  };
}

function filesOf(folder: string, below: string, ending: string): { path: string; text: string }[] {
  return readdirSync(join(folder, below), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({
      path: relative(folder, path).split(sep).join('/'),
      text: readFileSync(path, 'utf8'),
    }));
}
