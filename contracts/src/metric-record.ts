import { type Static, Type } from 'typebox';
import { literals } from './literals.ts';
import type { Stored } from './measures/index.ts';
import { RESOLUTIONS } from './time.ts';

/** Measures of one dimension value by metric name. */
export type StoredCell = Readonly<Record<string, Stored>>;
/** Cells of one document: dimension (or `total`) → escaped dimension value (or `all`) → measures. */
export type StoredCells = Readonly<Record<string, Readonly<Record<string, StoredCell>>>>;

/** Fields that a document of `metrics` and a record of the topic `metrics` share. */
const header = {
  shop: Type.String(),
  group: Type.String({ description: 'metric group' }),
  part: Type.String({
    description:
      'narrow: the total and the narrow dimensions; else the dimension it holds. A narrow one has records of its own once it has grown: add up what both say of a value',
  }),
  resolution: literals(RESOLUTIONS),
  bucket: Type.Integer({
    description: '0, or which of a dimension’s further records of the window: add up what all say of a value',
  }),
  version: Type.Integer({ description: 'goes up with every change; keep the highest per key' }),
  final: Type.Boolean({
    description: 'the shop’s watermark has passed the window’s end and the allowed lateness',
  }),
  revision: Type.Integer({ description: 'how often it changed after it was final' }),
};

/** A number as it is; a sketch as base64 with the number it stands for. */
const RecordValue = Type.Union([
  Type.Number(),
  Type.Object({
    value: Type.Union([Type.Number(), Type.Null()]),
    sketch: Type.String({ description: 'base64' }),
  }),
]);

/**
 * The value of a record on the compacted topic `metrics`; its key is the window's id. The merged truth of one
 * window, whole; a record replaces all earlier ones of its key. Money is in the shop's minor units.
 */
export const MetricRecord = Type.Object(
  {
    ...header,
    start: Type.Integer({ description: 'first instant, epoch ms; 0 for all' }),
    end: Type.Union([Type.Integer(), Type.Null()], {
      description: 'instant after the last, epoch ms; null for all',
    }),
    cells: Type.Record(Type.String(), Type.Record(Type.String(), Type.Record(Type.String(), RecordValue)), {
      description: 'dimension (or total) → its value as it is, not escaped (or all) → metric → measure',
    }),
  },
  { $id: 'metric_record' },
);
/** The value of a record on the topic `metrics`. */
export type MetricRecord = Static<typeof MetricRecord>;
