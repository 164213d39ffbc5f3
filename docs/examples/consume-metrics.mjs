// Follows the topic `metrics` and prints a shop's orders of the day, again whenever they change.
//   KAFKA_BROKERS=127.0.0.1:19092 node docs/examples/consume-metrics.mjs demo-shop
import { Kafka, logLevel } from 'kafkajs';

const { KAFKA_BROKERS = '127.0.0.1:19092', TOPIC_PREFIX = '' } = process.env;
const shop = process.argv[2] ?? 'demo-shop';

/** Every window at its highest version, by the record's key. */
const windows = new Map();

/** Keeps a record unless a newer one of its key is known; returns whether it did. */
function keep(key, record) {
  if (record.version < (windows.get(key)?.version ?? 0)) return false;
  windows.set(key, record);
  return true;
}

/** What a record says; undefined for what is none, which anyone may have sent. */
function parse(value) {
  try {
    return JSON.parse(String(value)) ?? undefined;
  } catch {
    return undefined;
  }
}

const kafka = new Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.ERROR });
// A group of its own for every start, so that it begins with the compacted history: the state is what it holds.
const consumer = kafka.consumer({ groupId: `${TOPIC_PREFIX}orders-of-today-${process.pid}-${Date.now()}` });
await consumer.connect();
await consumer.subscribe({ topic: `${TOPIC_PREFIX}metrics`, fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message }) => {
    const key = message.key?.toString();
    // A window whose time to be kept has passed.
    if (message.value === null) return void windows.delete(key);
    const record = parse(message.value);
    if (record?.shop !== shop || record.group !== 'sales' || record.part !== 'narrow') return;
    if (record.resolution !== '1d' || !keep(key, record)) return;
    const { orders = 0, gross_sales: grossSales = 0 } = record.cells.total?.all ?? {};
    const day = new Date(record.start).toISOString();
    console.log(JSON.stringify({ day, orders, grossSales, final: record.final, version: record.version }));
  },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => consumer.disconnect());
