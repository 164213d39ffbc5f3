import { HTTP_ERRORS, HttpError } from '@storepulse/http';

/** Everything that can be wrong with a whole request, or with us. A closed list: each code has a row in docs/reference/collector.md. */
export const ERRORS = {
  ...HTTP_ERRORS,
  invalid_json: { status: 400, title: 'The body is no JSON' },
  too_deep: { status: 400, title: 'The body is nested too deeply' },
  too_many_items: { status: 413, title: 'The body has too many events' },
  nothing_sent: { status: 400, title: 'The body has no event' },
  invalid_encoding: { status: 400, title: 'The body can not be decompressed' },
  invalid_csv: { status: 400, title: 'The body is no CSV' },
  wrong_columns: { status: 422, title: 'The columns can not be told by their names' },
  unclear_form: { status: 422, title: 'The rows can be read in more than one way' },
  unknown_shop: { status: 422, title: 'No such shop' },
  unknown_type: { status: 404, title: 'No such event type' },
  nothing_accepted: { status: 422, title: 'None of the events was accepted' },
  overloaded: { status: 429, title: 'More arrives than Kafka takes' },
  kafka_unavailable: { status: 503, title: 'Kafka does not take the events' },
} as const satisfies Record<string, { status: number; title: string }>;

/** What is wrong with a request, for programs. */
export type ErrorCode = keyof typeof ERRORS;

/** A request that is not done: `message` says what, where, and what to do. */
export class CollectorError extends HttpError<ErrorCode> {
  override readonly name = 'CollectorError';
}

/** Why one event or row of a request was not accepted, and what to do. A closed list. */
export const ITEM_CODES = {
  'not-json': 'it is no JSON object, or holds half a character: look at how it is written',
  'unknown-type': '`type` is missing or names no event type: `GET /v1/schemas` lists them',
  'schema-violation': 'a field is missing or does not fit: `path` names it',
  'conflicting-attributes': 'an attribute of the CloudEvent says another thing than its data',
  'forbidden-shop': 'the key is bound to other shops',
  'unknown-shop': 'the shop is not known: send `shop_upserted` first, or in the same request',
  'shop-changed': 'the record of a shop has another currency, scale or time zone than the shop is counted in',
  'wrong-currency': 'amounts are in another currency than the shop’s',
  'total-mismatch': 'the amounts contradict each other: `message` says which',
  'impossible-time': 'the event time is before 2000, or more than five minutes ahead',
  'too-large': 'the event has more bytes than one may have',
  'unreadable-row': 'a column of the row does not fit: `path` names it',
  'incomplete-invoice': 'another row of the invoice is wrong: mend that, and send the invoice as a whole',
  'kafka-unavailable': 'Kafka has not taken it in time: send it again, unchanged',
} as const;

/** Why one event or row was not accepted. */
export type ItemCode = keyof typeof ITEM_CODES;
