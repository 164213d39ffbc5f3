import { WarehouseError } from '../errors.ts';

/** What a column must fulfil. */
export type Condition =
  | { readonly kind: 'unique' }
  | { readonly kind: 'not_null' }
  | { readonly kind: 'accepted_values'; readonly values: readonly string[] }
  /** `to` is a template, such as `ref('dim_shops')`. */
  | { readonly kind: 'relationships'; readonly to: string; readonly field: string };

/** A test of one column, as `schema.yml` declares it for dbt. */
export interface DataTest {
  readonly model: string;
  readonly column: string;
  readonly condition: Condition;
  /** Rows that it is about. @default all */
  readonly where?: string;
}

interface SchemaFile {
  readonly models?: readonly {
    readonly name: string;
    readonly columns?: readonly { readonly name: string; readonly data_tests?: readonly Declared[] }[];
  }[];
}
type Declared = string | Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * The tests that a `schema.yml` declares.
 * @throws {WarehouseError} `PROJECT` for a kind that is not known
 */
export function testsOf(path: string, file: unknown): DataTest[] {
  const { models = [] } = (file ?? {}) as SchemaFile;
  return models.flatMap(({ name: model, columns = [] }) =>
    columns.flatMap(({ name: column, data_tests: tests = [] }) =>
      tests.map((declared) => {
        const [kind, told = {}] = typeof declared === 'string' ? [declared] : Object.entries(declared)[0]!;
        const { arguments: given = told, config } = told as {
          arguments?: Readonly<Record<string, unknown>>;
          config?: { where?: string };
        };
        const condition = conditionOf(kind, given);
        if (!condition)
          throw new WarehouseError(
            'PROJECT',
            `${path}: ${model}.${column} has a test "${kind}", which is not known`,
          );
        return { model, column, condition, ...(config?.where === undefined ? {} : { where: config.where }) };
      }),
    ),
  );
}

function conditionOf(kind: string, given: Readonly<Record<string, unknown>>): Condition | undefined {
  switch (kind) {
    case 'unique':
    case 'not_null':
      return { kind };
    case 'accepted_values':
      return { kind, values: given.values as readonly string[] };
    case 'relationships':
      return { kind, to: given.to as string, field: given.field as string };
    default:
      return undefined;
  }
}
