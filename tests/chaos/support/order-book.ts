import {
  type EventOf,
  NARROW_PART,
  partitionOf,
  type Shop,
  type StoreEvent,
  toRecord,
} from '@storepulse/contracts';
import { sendWhole } from '@storepulse/processor/kafka/send-whole';
import { anOrder, SHOP } from '@storepulse/processor/testing/events';
import type { Message, Producer } from 'kafkajs';
import type { Pipeline } from '../../support/pipeline/pipeline.ts';
import { until } from '../../support/until.ts';
import { cellName, type Difference } from './oracle.ts';

/** One order of a book. */
export type Order = EventOf<'order_placed'>;

/** Orders of one shop, each sent to a partition of one's choice, and what the shop must show of them. */
export interface OrderBook {
  /** The shop's id. */
  readonly shop: string;
  /** Sends what the shop is. */
  open(): Promise<void>;
  /** Makes orders that belong on a partition. @param time their event time, epoch ms. @default now */
  make(partition: number, count: number, time?: number): Order[];
  /** Sends orders; returns when they are acknowledged. Each must be counted from now on. */
  send(orders: readonly Order[]): Promise<void>;
  /** Takes orders off what the shop must show: they were lost before they were counted. */
  strike(orders: readonly Order[]): void;
  /** Waits until so many orders are shown as the shop must show. @throws {Error} at the deadline */
  untilShown(timeoutMs: number): Promise<void>;
  /** Holds what is shown, in all windows of 10 s and over the shop's lifetime, against what must be. */
  differences(): Promise<Difference[]>;
}

const TOPIC = 'transactions';

/**
 * Opens a book of no orders. Its producer asks for no leader anew while all that it needs are known.
 * @param shop the shop's id. @default book
 */
export async function openOrderBook(
  pipeline: Pipeline,
  partitions: number,
  shop = 'book',
): Promise<OrderBook> {
  const { kafka, metrics, prefix, onStop } = pipeline;
  const producer = kafka.producer({ metadataMaxAge: 3_600_000 });
  onStop(() => producer.disconnect());
  await producer.connect();
  const expected = new Map<string, number>();
  const names = ordersOf(shop, partitions);
  const cellsOf = ({ eventTime }: Order) => [
    cellName('all', 0, 'orders', 'total', 'all'),
    cellName('10s', Math.floor(eventTime / 10_000) * 10_000, 'orders', 'total', 'all'),
  ];
  const note = (orders: readonly Order[], by: 1 | -1) => {
    for (const cell of orders.flatMap(cellsOf)) expected.set(cell, (expected.get(cell) ?? 0) + by);
  };
  const shown = async (resolution: 'all' | '10s') => {
    const documents = await metrics.find({ shop, group: 'sales', part: NARROW_PART, resolution }).toArray();
    return new Map(
      documents.map(({ start, cells }) => [
        cellName(resolution, start.getTime(), 'orders', 'total', 'all'),
        Number(cells.total?.all?.orders ?? 0),
      ]),
    );
  };

  return {
    shop,
    open: async () => {
      const record = toRecord({ ...SHOP, shop } satisfies Shop & StoreEvent, '/chaos');
      await producer.send({ topic: `${prefix}${record.topic}`, messages: [messageOf(record)] });
    },
    make: (partition, count, eventTime = Date.now()) =>
      Array.from({ length: count }, () => names(partition, eventTime)),
    send: async (orders) => {
      await sendTo(producer, `${prefix}${TOPIC}`, orders, partitions);
      note(orders, 1);
    },
    strike: (orders) => note(orders, -1),
    untilShown: async (timeoutMs) => {
      const [cell] = cellsOf({ eventTime: 0 } as Order);
      const wanted = expected.get(cell!) ?? 0;
      await until(
        `${wanted} orders are shown`,
        async () => (await shown('all')).get(cell!) ?? 0,
        (orders) => orders >= wanted,
        timeoutMs,
      );
    },
    differences: async () => {
      const now = new Map([...(await shown('all')), ...(await shown('10s'))]);
      return [...new Set([...now.keys(), ...expected.keys()])].flatMap((cell) => {
        const pair = { expected: expected.get(cell) ?? 0, shown: now.get(cell) ?? 0 };
        return pair.expected === pair.shown ? [] : [{ cell: `MongoDB: ${shop}: ${cell}`, ...pair }];
      });
    },
  };
}

/** Makes orders with keys of a partition, each of a visit of its own. */
function ordersOf(shop: string, partitions: number): (partition: number, eventTime: number) => Order {
  let made = 0;
  return (partition, eventTime) => {
    for (;;) {
      made += 1;
      const id = `${shop}-${made}`;
      const visit = { visitorId: `visitor-${id}`, sessionId: `session-${id}` };
      const order = anOrder({ shop, ...visit, orderId: id, eventId: `order-event-${id}`, eventTime });
      if (partitionOf(toRecord(order, '/chaos').key, partitions) === partition) return order;
    }
  };
}

async function sendTo(
  producer: Producer,
  topic: string,
  orders: readonly Order[],
  partitions: number,
): Promise<void> {
  const messages = orders.map((order) => {
    const record = toRecord(order, '/chaos');
    return { ...messageOf(record), partition: partitionOf(record.key, partitions) };
  });
  // Leaders move here, and kafkajs alone takes some messages for stored then that it has not sent.
  if (messages.length > 0) await sendWhole((part) => producer.send(part), { topic, acks: -1, messages });
}

const messageOf = ({ key, value, headers }: ReturnType<typeof toRecord>): Message => ({
  key,
  value,
  headers: { ...headers },
});
