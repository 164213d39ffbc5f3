import { type DeadLetter, originalHeaders, positionOf } from './letter.ts';
import type { LetterList } from './list.ts';
import type { ReplaySummary } from './replay.ts';

/** A letter without its bytes, as lists and JSON tell it. */
export interface LetterSummary {
  /** `partition:offset` on `dead-letter`. */
  readonly at: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly reason: string | null;
  readonly detail: string;
  /** Where it was; null when the processor did not put it there. */
  readonly origin: { topic: string; partition: number; offset: number; time: string } | null;
  readonly key: string | null;
  /** Length of its value as it was sent; null for none. */
  readonly bytes: number | null;
  /** Whether the topic holds no more than the beginning of its value. */
  readonly isCut: boolean;
}

/** What a list or JSON tells of a letter. */
export function summaryOf(letter: DeadLetter): LetterSummary {
  const { time, reason = null, detail, origin, cutFrom, record } = letter;
  return {
    at: positionOf(letter),
    time: new Date(time).toISOString(),
    reason,
    detail,
    origin: origin
      ? {
          topic: origin.topic,
          partition: origin.partition,
          offset: origin.offset,
          time: new Date(origin.timestamp).toISOString(),
        }
      : null,
    key: record.key?.toString() ?? null,
    bytes: cutFrom ?? record.value?.length ?? null,
    isCut: cutFrom !== undefined,
  };
}

const count = (n: number) => n.toLocaleString('en-GB');
const plural = (n: number, one: string) => `${count(n)} ${one}${n === 1 ? '' : 's'}`;
const counts = (all: Readonly<Record<string, number>>) =>
  Object.entries(all)
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
    .map(([name, n]) => `${name} ${count(n)}`)
    .join(' · ');

/** A table of letters with the counts of all that were found, for people. */
export function formatList({ letters, total, reasons }: LetterList): string {
  if (total === 0) return 'No dead letters.';
  const rows = letters.map(({ at, time, reason, detail, origin }) => [
    at,
    time,
    reason ?? 'unknown',
    origin ? `${origin.topic} ${origin.partition}:${origin.offset}` : 'unknown',
    printable(detail),
  ]);
  const head = ['at', 'time', 'reason', 'from', 'detail'];
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  const shown = letters.length < total ? `; the latest ${count(letters.length)} are shown (--limit)` : '';
  return [
    ...[head, ...rows].map(line),
    '',
    `${plural(total, 'dead letter')}: ${counts(reasons)}${shown}`,
  ].join('\n');
}

/** One letter whole, for programs: its value as base64. */
export function wholeLetter(letter: DeadLetter) {
  const headers = Object.entries(originalHeaders(letter.record)).map(([name, text]) => [name, String(text)]);
  return {
    ...summaryOf(letter),
    headers: Object.fromEntries(headers) as Record<string, string>,
    value: letter.record.value?.toString('base64') ?? null,
  };
}

/** One letter whole: why, whence, headers, key, and the value as text or as bytes. */
export function formatLetter(letter: DeadLetter, asHex: boolean): string {
  const { at, time, reason, detail, origin, bytes, isCut } = summaryOf(letter);
  const { key, value } = letter.record;
  const from = origin
    ? `${origin.topic} ${origin.partition}:${origin.offset}, sent ${origin.time}`
    : 'unknown';
  const headers = Object.entries(originalHeaders(letter.record));
  return [
    `at       ${at}, ${time}`,
    `reason   ${reason ?? 'unknown'}: ${printable(detail)}`,
    `from     ${from}`,
    `key      ${key === null ? 'none' : printable(key.toString())}`,
    ...headers.map(
      ([name, text], i) => `${i === 0 ? 'headers ' : '        '} ${printable(`${name}: ${text}`)}`,
    ),
    '',
    value === null
      ? 'No value.'
      : `${count(bytes!)} bytes${isCut ? `, of which the first ${count(value.length)} are kept` : ''}:`,
    ...(value === null ? [] : [asHex || !isText(value) ? hexDump(value) : value.toString()]),
  ].join('\n');
}

/** What a replay did or would do, for people. */
export function formatReplay({ replayed, leftOut }: ReplaySummary, done: boolean): string {
  const total = Object.values(replayed).reduce((sum, n) => sum + n, 0);
  const lines = [
    total === 0
      ? 'No dead letter to replay.'
      : `${done ? 'Replayed' : 'To replay:'} ${plural(total, 'record')}: ${counts(replayed)}`,
  ];
  if (leftOut.state > 0) {
    lines.push(
      `Left out: ${plural(leftOut.state, 'record')} of shops, customers or products, where an older state would replace a newer one. Name the topic (--topic) or the letter (--at) if they are wanted.`,
    );
  }
  if (leftOut.cut > 0) {
    lines.push(
      `Left out: ${plural(leftOut.cut, 'record')} of which dead-letter holds the beginning alone. Each is whole where it was, as long as its topic keeps it.`,
    );
  }
  if (leftOut.foreign > 0) lines.push(`Left out: ${plural(leftOut.foreign, 'record')} of unknown origin.`);
  return lines.join('\n');
}

/** Text without control characters, which could steer the reader's terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\u{fffd}');
}

/** Whether bytes are UTF-8 without control characters but tabs and line ends. */
function isText(bytes: Buffer): boolean {
  try {
    return !/(?![\t\n\r])\p{Cc}/u.test(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return false;
  }
}

const ROW = 16;

/** Offset, bytes and their ASCII, 16 to a line. */
function hexDump(bytes: Buffer): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += ROW) {
    const row = bytes.subarray(at, at + ROW);
    const hex = row
      .toString('hex')
      .replace(/../g, '$& ')
      .padEnd(ROW * 3);
    const ascii = row.toString('latin1').replaceAll(/[^ -~]/g, '.');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex} ${ascii}`);
  }
  return lines.join('\n');
}
