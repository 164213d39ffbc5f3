import type { Frame, FrameField, Notice } from '@storepulse/contracts';
import type { WireFrame } from '@storepulse/contracts/grafana/backend-request';

/** Go's types of the columns, as Grafana names them. */
const GO_TYPES = { time: 'time.Time', number: 'float64', string: 'string' } as const;

/** A frame in the form in which Grafana's servers and browsers exchange it: schema and columns apart. */
export function wireFrame(frame: Frame, notices: readonly Notice[]): WireFrame {
  const { name, refId, fields, meta } = frame;
  return {
    schema: {
      ...{ name, refId },
      meta: { ...meta, ...(notices.length > 0 ? { notices } : {}) },
      fields: fields.map(schemaOf),
    },
    data: { values: fields.map(({ values }) => values) },
  };
}

function schemaOf({ name, type, labels, config }: FrameField): WireFrame['schema']['fields'][number] {
  const { displayName, ...rest } = config;
  return {
    ...{ name, type, typeInfo: { frame: GO_TYPES[type], nullable: true } },
    ...(labels ? { labels } : {}),
    // A name that a panel gives is to win over ours.
    config: displayName ? { ...rest, displayNameFromDS: displayName } : rest,
  };
}
