import type { Frame, FrameField, Notice } from '@storepulse/contracts';
import { toldOf } from '@storepulse/contracts/grafana/shown-frames';

/** Frames that an alert rule can judge, and what was left out. */
export interface Judged {
  frames: Frame[];
  notices: Notice[];
}

/**
 * What an alert rule judges: numbers of the time and the groups that it asks for, each once.
 * - A bucket that is still filling would fire every rule of "less than", so time series end before it.
 * - Rules tell series by their labels: what is compared with has the same ones, and a table has one column of numbers.
 * - Several metrics are told by a label, and those whose buckets are others by a query of their own.
 */
export function forAlerts(frames: readonly Frame[]): Judged {
  const notices: Notice[] = [];
  const judged = frames
    .filter((frame) => toldOf(frame).compared !== 'earlier')
    .map((frame) => oneNumber(complete(frame, notices), notices));
  if (judged.length < frames.length) {
    notices.push(
      info('Earlier values are not judged: ask for them by a query of its own with an earlier range.'),
    );
  }
  return { frames: oneFrame(judged, notices), notices };
}

/** Of time series that can't be put side by side Grafana's server reads the first. */
function oneFrame([first, ...others]: readonly Frame[], notices: Notice[]): Frame[] {
  if (first === undefined) return [];
  if (others.length > 0)
    notices.push(
      info(
        `${first.name} is judged, not ${others.map(({ name }) => name).join(', ')}, whose buckets are others: ask for them by a query of their own.`,
      ),
    );
  return [first];
}

function complete(frame: Frame, notices: Notice[]): Frame {
  const { incompleteFrom } = toldOf(frame);
  const times = frame.fields.find(({ type }) => type === 'time');
  if (typeof incompleteFrom !== 'number' || !times) return frame;
  const end = times.values.findIndex((time) => Number(time) >= incompleteFrom);
  if (end < 0) return frame;
  const left = times.values.length - end;
  notices.push(
    info(
      `${left === 1 ? 'A bucket' : `${left} buckets`} still filling from ${new Date(incompleteFrom).toISOString()} on: not judged.`,
    ),
  );
  return {
    ...frame,
    fields: frame.fields.map((field) => ({ ...field, values: field.values.slice(0, end) })),
  };
}

/** The first column of numbers of a table; the others are what is said about it. */
function oneNumber(frame: Frame, notices: Notice[]): Frame {
  if (frame.meta?.type !== 'numeric-long') return frame;
  const isNumber = ({ type }: FrameField) => type === 'number';
  const [first, ...others] = frame.fields.filter(isNumber);
  if (others.length === 0) return frame;
  notices.push(
    info(
      `Of the numbers of a row ${first!.name} is judged, not ${others.map(({ name }) => name).join(', ')}.`,
    ),
  );
  return { ...frame, fields: frame.fields.filter((field) => !others.includes(field)) };
}

const info = (text: string): Notice => ({ severity: 'info', text });
