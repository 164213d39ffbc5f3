import { quoted } from '@storepulse/lake';
import type { Project } from '../project/read-project.ts';
import type { DataTest } from '../project/read-tests.ts';
import { createRenderer, relationOf } from '../project/render.ts';
import type { Database } from './database.ts';

/** What a test of the data has found. */
export interface TestResult {
  readonly test: string;
  /** Rows that contradict it. */
  readonly failures: number;
  /** Some of them. */
  readonly examples: readonly Record<string, unknown>[];
}

const EXAMPLES = 3;

/** Runs all tests of a project: those of columns that `schema.yml` declares, and the queries in `tests/`. */
export async function testModels(database: Database, project: Project): Promise<TestResult[]> {
  const render = createRenderer(project);
  const expression = (template: string, model: string) =>
    render(`{{ ${template} }}`, { model, isIncremental: false }).sql;
  const queries = [
    ...project.tests.map((test) => ({
      name: nameOf(test),
      sql: failuresOf(test, (template) => expression(template, test.model)),
    })),
    ...project.singularTests.map(({ name, text }) => ({
      name,
      sql: render(text, { model: name, isIncremental: false }).sql,
    })),
  ];
  const results: TestResult[] = [];
  for (const { name, sql } of queries) {
    const [counted] = await database.rows(`select count(*) as n from (${sql}) as failing`);
    const failures = Number(counted!.n);
    const examples =
      failures === 0 ? [] : await database.rows(`select * from (${sql}) as failing limit ${EXAMPLES}`);
    results.push({ test: name, failures, examples });
  }
  return results;
}

const nameOf = ({ model, column, condition }: DataTest) => `${model}.${column}: ${condition.kind}`;

/** A query of the values that contradict a test. */
function failuresOf(
  { model, column, condition, where }: DataTest,
  render: (template: string) => string,
): string {
  const relation =
    where === undefined ? relationOf(model) : `(select * from ${relationOf(model)} where ${where})`;
  switch (condition.kind) {
    case 'not_null':
      return `select * from ${relation} as told where told.${column} is null`;
    case 'unique':
      return `select told.${column}, count(*) as times from ${relation} as told where told.${column} is not null group by 1 having count(*) > 1`;
    case 'accepted_values':
      return `select distinct told.${column} from ${relation} as told where told.${column} not in (${condition.values.map(quoted).join(', ')})`;
    case 'relationships':
      return `select distinct told.${column} from ${relation} as told
        left join ${render(condition.to)} as target on target.${condition.field} = told.${column}
        where told.${column} is not null and target.${condition.field} is null`;
  }
}
