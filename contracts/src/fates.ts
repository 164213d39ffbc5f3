/** Why a record could not be counted, and what to look at. A closed list. */
export const DEAD_LETTER_MEANINGS = {
  'not-json': 'the value is empty, no valid UTF-8 or no JSON object: look at the producer',
  'unknown-type': '`type` is missing or names no event type: a newer producer, or a typing error',
  'wrong-topic': 'the event type belongs on another topic',
  'schema-violation': 'a field is missing or does not fit: the detail names the first one',
  'unknown-shop':
    'the shop is not on the topic `shops`, also after reading that to its end: send `shop_upserted` first',
  'wrong-key':
    'the Kafka key is not the one of this event, so that it may lie in another task than its visitor',
  'shop-changed': 'the record of a shop has another currency, scale or time zone than the shop is counted in',
  'wrong-currency': 'amounts are in another currency than the shop’s',
  'total-mismatch':
    'the amounts contradict each other: subtotal, discount or total is not what the lines give',
  'impossible-time': 'the event time is before 2000, or more than five minutes after the record’s own time',
  'conflicting-content':
    'an order, order edit, payment, refund, cancellation, adjustment or stock movement of this id was counted before with other content, which stays',
  'too-large': 'the value has more than 1,000,000 bytes',
} as const;

/** Why a record could not be counted. */
export type DeadLetterReason = keyof typeof DEAD_LETTER_MEANINGS;
/** All reasons. */
export const DEAD_LETTER_REASONS = Object.keys(DEAD_LETTER_MEANINGS) as DeadLetterReason[];

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
  /** The record's own timestamp, epoch ms: with it a replay judges the event's time as it was judged first. */
  timestamp: 'dead_letter_timestamp',
  /** Bytes of the record's value, where the topic `dead-letter` did not take it whole: only its beginning is kept. */
  cutFrom: 'dead_letter_cut_from',
} as const;
