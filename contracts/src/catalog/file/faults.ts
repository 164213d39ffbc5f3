import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { isLiteral } from '../../expressions/model.ts';
import { faultOfExpression } from './expression-faults.ts';
import {
  CatalogFile,
  ComputedMetric,
  CountedMetric,
  FileDimension,
  QuantileMetric,
  RatioMetric,
} from './schema.ts';

/** What is wrong in a file, and where. */
export interface FileFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const KINDS = [
  { key: 'source', schema: CountedMetric },
  { key: 'formula', schema: ComputedMetric },
  { key: 'numerator', schema: RatioMetric },
  { key: 'quantileOf', schema: QuantileMetric },
] as const;

/** What of a parsed file does not fit its schema, told part by part so that each fault names its own place. */
export function faultsOfFile(data: unknown): FileFault[] {
  if (!isObject(data))
    return [{ path: [], message: 'a catalogue file has "metrics", "dimensions", or both' }];
  const known = Object.keys(CatalogFile.properties);
  const strange = Object.keys(data).filter((key) => !known.includes(key));
  return [
    ...strange.map((key) => ({
      path: [key],
      message: `"${key}" is not known; there are ${known.slice(1).join(' and ')}`,
    })),
    ...listFaults(data, 'dimensions', (item, path) => [
      ...faultsBy(FileDimension, item, path, ['from']),
      ...Object.entries(isObject(item) && isObject(item.from) ? item.from : {}).flatMap(([source, expr]) =>
        faultOfExpression(expr, [...path, 'from', source]),
      ),
    ]),
    ...listFaults(data, 'metrics', (item, path) => {
      const kind = isObject(item) ? KINDS.find(({ key }) => key in item) : undefined;
      if (!kind)
        return [
          {
            path,
            message: 'a metric has "source" (counted), "formula", "numerator" (a quotient), or "quantileOf"',
          },
        ];
      const expressions = kind.key === 'source' ? ['where', 'of'] : [];
      return [
        ...faultsBy(kind.schema, item, path, [...expressions, 'formula', 'numerator', 'denominator']),
        ...expressions
          .filter((name) => name in (item as object))
          .flatMap((name) => faultOfExpression((item as Record<string, unknown>)[name], [...path, name])),
        ...['formula', 'numerator', 'denominator']
          .filter((name) => name in (item as object))
          .flatMap((name) => faultOfSum((item as Record<string, unknown>)[name], [...path, name])),
      ];
    }),
  ];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function listFaults(
  data: Record<string, unknown>,
  name: string,
  faultsOf: (item: unknown, path: FileFault['path']) => readonly FileFault[],
): FileFault[] {
  const list = data[name];
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) return [{ path: [name], message: `"${name}" is a list` }];
  return list.flatMap((item, i) => faultsOf(item, [name, i]));
}

/** Faults by a schema, but for fields that are judged by themselves. */
function faultsBy(
  schema: TSchema,
  item: unknown,
  path: FileFault['path'],
  apart: readonly string[],
): FileFault[] {
  if (!isObject(item)) return [{ path, message: 'must be an object' }];
  return Value.Errors(schema, item).flatMap((error) => {
    const within = error.instancePath.split('/').slice(1);
    // Told twice by the library: once for the object, once for the property.
    if (error.keyword === 'boolean' || (within[0] !== undefined && apart.includes(within[0]))) return [];
    return [
      {
        path: [...path, ...within.map((part) => (/^\d+$/.test(part) ? Number(part) : part))],
        message: describe(error),
      },
    ];
  });
}

function describe({
  keyword,
  message,
  params,
}: {
  keyword: string;
  message: string;
  params: object;
}): string {
  const { requiredProperties, additionalProperties, allowedValues, pattern } = params as Record<
    string,
    unknown
  >;
  if (keyword === 'required')
    return `must have ${(requiredProperties as string[]).map((name) => `"${name}"`).join(', ')}`;
  if (keyword === 'additionalProperties')
    return `${(additionalProperties as string[]).map((name) => `"${name}"`).join(', ')} is not known here`;
  if (keyword === 'enum') return `must be one of ${(allowedValues as string[]).join(', ')}`;
  return pattern === undefined ? message : `must match ${pattern}`;
}

function faultOfSum(sum: unknown, path: FileFault['path']): FileFault[] {
  if (typeof sum === 'string') return [];
  const entries = isObject(sum) ? Object.entries(sum) : [];
  const [first] = entries;
  if (
    entries.length !== 1 ||
    !first ||
    !['add', 'subtract'].includes(first[0]) ||
    !Array.isArray(first[1]) ||
    first[1].length < 2
  )
    return [
      {
        path,
        message: `must be the name of a metric, { add: [ … ] } or { subtract: [ … ] }${isLiteral(sum as never) ? `, not ${sum}` : ''}`,
      },
    ];
  return first[1].flatMap((each, i) => faultOfSum(each, [...path, first[0], i]));
}
