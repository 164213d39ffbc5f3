import { type Static, Type } from 'typebox';
import { ExpressionSchema } from '../../expressions/index.ts';
import type { MeasureKind } from '../../measures/index.ts';
import { AREAS, type Area, type SourceSpec, type Unit } from '../model.ts';
import * as sources from '../sources.ts';

const isSource = (value: unknown): value is SourceSpec => typeof value === 'object';
/** The sources that metrics and dimensions of a file can be over, by name. */
export const SOURCES: ReadonlyMap<string, SourceSpec> = new Map(
  Object.values(sources)
    .filter(isSource)
    // Two sources have one name, of which the first has all that the other has.
    .reverse()
    .map((source) => [source.name, source]),
);

const closed = <T extends string>(values: readonly T[], description?: string) =>
  Type.Unsafe<T>({ enum: [...values], ...(description ? { description } : {}) });
const Name = Type.String({
  pattern: '^[a-z][a-z0-9_]*$',
  maxLength: 60,
  description: 'lower-case letters, digits and underscores; part of every external name',
});
const Words = Type.Array(Type.String({ maxLength: 60 }), {
  maxItems: 20,
  description: 'other words that people search it by',
});
const Expression = Type.Unsafe<Static<typeof ExpressionSchema>>({
  ...ExpressionSchema,
  description: 'an expression, see docs/reference/expressions.md',
});

const about = {
  name: Name,
  title: Type.String({ minLength: 1, maxLength: 80 }),
  description: Type.String({
    minLength: 1,
    maxLength: 500,
    description: 'the exact definition, shown wherever it is',
  }),
  synonyms: Type.Optional(Words),
};
const metric = {
  ...about,
  area: Type.Optional(closed<Area>(AREAS, 'heading that pickers show it under')),
  unit: closed<Unit>(['money', 'count', 'ratio', 'milliseconds'], 'money is in minor units'),
  better: closed(['up', 'down', 'neutral'] as const, 'which direction is good news'),
};
const strict = { additionalProperties: false } as const;

/** A metric that is counted. */
export const CountedMetric = Type.Object(
  {
    ...metric,
    source: closed([...SOURCES.keys()], 'the rows that are counted'),
    measure: closed<MeasureKind>(['count', 'sum', 'min', 'max', 'distinct', 'distribution', 'last']),
    where: Type.Optional(Expression),
    of: Type.Optional(Expression),
    signed: Type.Optional(Type.Boolean({ description: 'the value can fall' })),
    dimensions: Type.Optional(
      Type.Array(Name, { description: 'built-in dimensions of its source. Default: all', uniqueItems: true }),
    ),
  },
  strict,
);
const Sum = Type.Unsafe<SumOfMetrics>({
  $id: 'SumOfMetrics',
  description: 'the name of a stored metric, or { add: [ … ] } or { subtract: [ … ] } of such',
  anyOf: [
    { type: 'string' },
    ...['add', 'subtract'].map((name) => ({
      type: 'object',
      properties: { [name]: { type: 'array', items: { $ref: 'SumOfMetrics' }, minItems: 2 } },
      required: [name],
      additionalProperties: false,
    })),
  ],
});
/** Stored metrics, added up and subtracted. */
export type SumOfMetrics = string | { add: SumOfMetrics[] } | { subtract: SumOfMetrics[] };

/** A metric that is computed from others by sums and differences. */
export const ComputedMetric = Type.Object({ ...metric, formula: Sum }, strict);
/** A quotient of others. */
export const RatioMetric = Type.Object({ ...metric, numerator: Sum, denominator: Sum }, strict);
/** A quantile of a distribution. */
export const QuantileMetric = Type.Object(
  { ...metric, quantileOf: Name, share: Type.Number({ minimum: 0, maximum: 1 }) },
  strict,
);

/** A dimension that is added to metrics. */
export const FileDimension = Type.Object(
  {
    ...about,
    values: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 80 }), {
        ...{ minItems: 1, maxItems: 200, uniqueItems: true },
        description: 'a closed list: anything else counts as other',
      }),
    ),
    longest: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 200,
        description: 'any name of at most so many characters. Default: 80',
      }),
    ),
    wide: Type.Optional(Type.Boolean({ description: 'it has thousands of values: it is stored apart' })),
    from: Type.Record(Type.String(), Expression, {
      minProperties: 1,
      description: 'by source, the text that tells it',
    }),
    metrics: Type.Array(Name, {
      minItems: 1,
      uniqueItems: true,
      description: 'metrics that are kept by it; of a computed one, its parts',
    }),
  },
  strict,
);

/** A catalogue file: metrics and dimensions of one's own. */
export const CatalogFile = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    dimensions: Type.Optional(Type.Array(FileDimension, { maxItems: 20 })),
    metrics: Type.Optional(
      Type.Array(Type.Union([CountedMetric, ComputedMetric, RatioMetric, QuantileMetric]), { maxItems: 200 }),
    ),
  },
  { ...strict, title: 'Storepulse catalogue file', description: 'Metrics and dimensions of your own' },
);
/** A catalogue file. */
export type CatalogFile = Static<typeof CatalogFile>;
/** A metric of a file. */
export type FileMetric = NonNullable<CatalogFile['metrics']>[number];
