/** Why a record could not be counted. A closed list: each reason has a row in docs/reference/fates.md. */
export const DEAD_LETTER_REASONS = [
  'not-json',
  'unknown-type',
  'wrong-topic',
  'schema-violation',
  'unknown-shop',
  'wrong-key',
  'wrong-currency',
  'total-mismatch',
  'impossible-time',
  'too-large',
] as const;
/** Why a record could not be counted. */
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** What became of a record: every consumed record has exactly one fate, and the fates add up. */
export type Fate = 'processed' | 'duplicate' | `dead-letter:${DeadLetterReason}`;

/** All fates, for tables and exhaustive counts. */
export const FATES: readonly Fate[] = [
  'processed',
  'duplicate',
  ...DEAD_LETTER_REASONS.map((reason) => `dead-letter:${reason}` as const),
];

/** Headers that a record on the topic `dead-letter` carries beside its own, as sent. */
export const DEAD_LETTER_HEADERS = {
  reason: 'dead_letter_reason',
  detail: 'dead_letter_detail',
  topic: 'dead_letter_topic',
  partition: 'dead_letter_partition',
  offset: 'dead_letter_offset',
} as const;
