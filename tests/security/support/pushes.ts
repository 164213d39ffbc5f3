import { type EventRecord, toRecord } from '@storepulse/contracts';
import { anOrder, SHOP } from '@storepulse/contracts/testing/events';
import type { TestSender } from '../../support/pipeline/sender.ts';
import type { Canary } from './canary.ts';
import { MARK } from './operators.ts';

/** Where canaries are pushed to. */
export interface Targets {
  readonly collector: string;
  readonly exporter: string;
  readonly kafka: TestSender;
  readonly shop: string;
}

/** Pushes a canary in one way; what is answered does not matter. `n` tells one from another. */
type Push = (targets: Targets, canary: Canary, n: number) => Promise<unknown>;

const FIELDS = [
  'type',
  'eventId',
  'shop',
  'visitorId',
  'sessionId',
  'customerId',
  'device',
  'country',
  'channel',
];
const OWN_FIELDS = ['orderId', 'currency', 'total', 'paymentMethod', 'eventTime', 'lines', 'note'];
const COLUMNS = ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'Country'];

const told = ({ email, card }: Canary) => `${email} ${card}`;
const orderWith = (field: string, { shop }: Targets, canary: Canary, n: number) => ({
  ...anOrder({ shop, eventId: `event-${MARK}${n}`, orderId: `order-pushed-${n}`, eventTime: Date.now() }),
  [field]: told(canary),
});
const send = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }).then(
    (answer) => answer.text(),
  );
const get = (url: string, headers: Record<string, string> = {}) =>
  fetch(url, { headers }).then((answer) => answer.text());
const asked = (query: Record<string, string>) => new URLSearchParams(query);

/** Through the collector: in each field of an event, in what is no event, in rows, addresses and headers. */
const THROUGH_COLLECTOR: readonly Push[] = [
  ...[...FIELDS, ...OWN_FIELDS].map(
    (field): Push =>
      (targets, canary, n) =>
        send(`${targets.collector}/v1/events`, JSON.stringify(orderWith(field, targets, canary, n))),
  ),
  ...['category', 'sku', 'quantity'].map(
    (field): Push =>
      (targets, canary, n) => {
        const order = orderWith('note', targets, canary, n) as ReturnType<typeof anOrder>;
        const lines = order.lines.map((line) => ({ ...line, [field]: told(canary) }));
        return send(`${targets.collector}/v1/events`, JSON.stringify({ ...order, lines }));
      },
  ),
  ({ collector }, canary) => send(`${collector}/v1/events`, `{"email": "${told(canary)}"`),
  ({ collector }, canary) => send(`${collector}/v1/events`, JSON.stringify(told(canary))),
  ({ collector }, canary) => send(`${collector}/v1/events`, `[{"${told(canary)}": 1}]`),
  ({ collector, shop }, { email }) =>
    send(
      `${collector}/v1/events`,
      JSON.stringify({ ...SHOP, shop: email, name: email, eventId: `event-${shop}` }),
    ),
  ...COLUMNS.map(
    (column): Push =>
      ({ collector, shop }, canary, n) => {
        const row = {
          ...{ InvoiceNo: `${n}`, StockCode: 'MUG', Description: 'Mug', Quantity: '1', UnitPrice: '1.50' },
          ...{ InvoiceDate: '2026-06-30 10:00:00', CustomerID: '17850', Country: 'France' },
          [column]: told(canary),
        };
        return send(`${collector}/v1/import?shop=${shop}`, JSON.stringify([row]));
      },
  ),
  ({ collector }, { email }) => send(`${collector}/v1/import?${asked({ shop: email })}`, '[]'),
  ({ collector }, { email, card }) => send(`${collector}/v1/events?${asked({ email, card })}`, '{}'),
  ({ collector }, { email, card }) =>
    send(`${collector}/v1/events`, '{}', {
      authorization: `Bearer ${card}`,
      'user-agent': email,
      'x-user': email,
    }),
  ({ collector }, { email }) => send(`${collector}/v1/events`, '{}', { 'content-type': `text/${email}` }),
  ({ collector }, { email, card }) => send(`${collector}/v1/${encodeURIComponent(email)}/${card}`, '{}'),
  ({ collector }, { card }) => get(`${collector}/v1/schemas/${card}`),
];

const recordWith = (field: string, targets: Targets, canary: Canary, n: number) =>
  toRecord(orderWith(field, targets, canary, n) as never, '/pushed') as EventRecord;
const straight = (record: EventRecord, over: object, { kafka }: Targets) => {
  const { topic, key, value, headers } = record;
  return kafka.records(topic, { key, value, headers: { ...headers }, ...over });
};

/** Past the collector, as a producer of somebody else may: broken records, foreign keys, types and headers. */
const PAST_COLLECTOR: readonly Push[] = [
  ...OWN_FIELDS.map(
    (field): Push =>
      (targets, canary, n) =>
        straight(
          recordWith('note', targets, canary, n),
          {
            value: JSON.stringify(orderWith(field, targets, canary, n)),
          },
          targets,
        ),
  ),
  (targets, canary, n) => straight(recordWith('note', targets, canary, n), { value: told(canary) }, targets),
  (targets, canary, n) => straight(recordWith('note', targets, canary, n), { key: told(canary) }, targets),
  (targets, canary, n) =>
    straight(recordWith('note', targets, canary, n), { headers: { ce_type: told(canary) } }, targets),
  (targets, canary, n) => {
    const { key, value, headers } = recordWith('note', targets, canary, n);
    return targets.kafka.records('products', {
      key,
      value,
      headers: { ...headers, [canary.email]: canary.card },
    });
  },
  (targets, canary, n) =>
    straight(
      recordWith('note', targets, canary, n),
      {
        key: `${canary.email}|v1`,
        value: JSON.stringify({ ...orderWith('note', targets, canary, n), shop: canary.email }),
      },
      targets,
    ),
];

/** To the exporter: in addresses, queries and headers. */
const TO_EXPORTER: readonly Push[] = [
  ({ exporter, shop }, { email }) => get(`${exporter}/api/v1/search?${asked({ shop, q: email })}`),
  ({ exporter, shop }, { card }) =>
    get(`${exporter}/api/v1/orders?${asked({ shop, cursor: card, country: card })}`),
  ({ exporter }, { email }) => get(`${exporter}/api/v1/orders?${asked({ shop: email })}`),
  ({ exporter, shop }, { email }) => get(`${exporter}/api/v1/customers?${asked({ shop, email })}`),
  ({ exporter }, { email }) =>
    get(`${exporter}/api/v1/dimensions/${encodeURIComponent(email)}/values?shop=x`),
  ({ exporter }, { email, card }) => get(`${exporter}/${email}?card=${card}`),
  ({ exporter }, { email, card }) =>
    get(`${exporter}/api/v1/catalog`, {
      'user-agent': email,
      authorization: `Bearer ${card}`,
      referer: email,
    }),
  ({ exporter, shop }, canary) =>
    send(
      `${exporter}/api/v1/query`,
      JSON.stringify({
        range: { from: 'now-1d', to: 'now' },
        queries: [
          { refId: 'A', shop, metric: told(canary) },
          { refId: canary.card, shop: canary.email, metric: 'orders' },
          {
            ...{ refId: 'B', shop, metric: 'orders' },
            filters: [{ dimension: 'country', operator: '=~', values: [`(${canary.email}`] }],
          },
        ],
      }),
    ),
];

/** All ways in. */
export const PUSHES: readonly Push[] = [...THROUGH_COLLECTOR, ...PAST_COLLECTOR, ...TO_EXPORTER];
