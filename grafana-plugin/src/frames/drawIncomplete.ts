import { createDataFrame, type DataFrame, DataFrameType, type Field, FieldType } from '@grafana/data';

/** Lengths of a dash and of the gap after it. */
const DASH = [4, 6];

/**
 * Draws buckets that are not complete yet as dashed lines of their own, so that no line plunges at its end: each line
 * with such buckets keeps the complete ones, and a dashed one goes on from its last point. Numbers and times stay as
 * they are; what can't be told apart, such as a line without a complete bucket, is dashed whole.
 * @param frames of one panel, with `meta.custom.incompleteFrom` in epoch ms where buckets are not complete
 * @param palette colours of the panel's lines, in order: a dashed line has the colour of the one it goes on from
 */
export function drawIncomplete(frames: readonly DataFrame[], palette: readonly string[]): DataFrame[] {
  let drawn = 0;
  const dashed: DataFrame[] = [];
  const solid = frames.map((frame) => {
    const colours = frame.fields.map(({ type }) =>
      type === FieldType.number ? palette[drawn++ % palette.length] : undefined,
    );
    const first = firstIncomplete(frame);
    if (first === undefined) {
      return frame;
    }
    dashed.push(dashedFrame(frame, first, colours));
    return {
      ...frame,
      fields: frame.fields.map((field) =>
        field.type === FieldType.number
          ? { ...field, values: without(field.values, (i) => i >= first) }
          : field,
      ),
    };
  });
  return [...solid, ...dashed];
}

/** Index of the first bucket that is not complete; undefined when there is none. */
function firstIncomplete({ fields, meta }: DataFrame): number | undefined {
  const from: unknown = meta?.custom?.incompleteFrom;
  const times = fields.find(({ type }) => type === FieldType.time);
  // A heat map has no lines.
  if (typeof from !== 'number' || !times || meta?.type === DataFrameType.HeatmapRows) {
    return undefined;
  }
  const index = times.values.findIndex((time: number) => time >= from);
  return index < 0 ? undefined : index;
}

function dashedFrame(frame: DataFrame, first: number, colours: ReadonlyArray<string | undefined>): DataFrame {
  return createDataFrame({
    name: `${frame.name ?? ''} (incomplete)`.trim(),
    ...(frame.refId === undefined ? {} : { refId: frame.refId }),
    // The notices are on the other frame.
    meta: { ...frame.meta, notices: [] },
    fields: frame.fields.map((field, n) =>
      field.type === FieldType.number ? dashedField(field, first, colours[n]) : field,
    ),
  });
}

function dashedField(field: Field, first: number, colour: string | undefined): Field {
  const name = field.config.displayNameFromDS ?? field.name;
  return {
    ...field,
    values: without(field.values, (i) => i < first - 1),
    config: {
      ...field.config,
      displayNameFromDS: `${name} (incomplete)`,
      ...(colour === undefined ? {} : { color: { mode: 'fixed', fixedColor: colour } }),
      custom: {
        ...field.config.custom,
        lineStyle: { fill: 'dash', dash: DASH },
        // On top of the complete ones it would count its first bucket twice.
        stacking: { mode: 'none', group: 'A' },
        hideFrom: { legend: true, tooltip: false, viz: false },
      },
    },
    state: null,
  };
}

/** The values with gaps where a condition holds. */
function without(values: readonly unknown[], isGap: (index: number) => boolean): unknown[] {
  return values.map((value, index) => (isGap(index) ? null : value));
}
