import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { COLLECTIONS, type TopicName } from '@storepulse/contracts';
import type { ProcessorStatus } from '@storepulse/processor/operate/readiness';
import { anOrder, SHOP } from '@storepulse/processor/testing/events';
import { scrape } from '../support/figures/prometheus.ts';
import { untilDrained } from '../support/pipeline/drained.ts';
import type { Pipeline } from '../support/pipeline/pipeline.ts';
import { createSender } from '../support/pipeline/sender.ts';
import { until } from '../support/until.ts';

const TOPIC: TopicName = 'transactions';
const PARTITIONS = 4;

const statusOf = async (url: string): Promise<ProcessorStatus> =>
  (await fetch(`${url}/-/ready`)).json() as Promise<ProcessorStatus>;

const untilReady = (url: string) =>
  until(
    'it is ready',
    () => statusOf(url),
    ({ ready }) => ready,
  );

/** Orders of the shop's whole life, as merged. */
async function ordersOf({ metrics }: Pipeline): Promise<unknown> {
  const all = { shop: SHOP.shop, group: 'sales', part: 'narrow', resolution: 'all' } as const;
  return (await metrics.findOne(all))?.cells.total?.all?.orders;
}

const untilOrders = (pipeline: Pipeline, wanted: number) =>
  until(
    `${wanted} orders are counted and merged`,
    () => ordersOf(pipeline),
    (n) => n === wanted,
  );

const orders = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) =>
    anOrder({ orderId: `o${from + n}`, visitorId: `v${from + n}`, sessionId: null }),
  );

/**
 * A topic that is deleted and made anew while no processor runs is counted whole, and what it has lost is stated. Of
 * notices nothing can be lost: whatever becomes of their log, all that was counted is merged.
 */
export async function countsTopicsMadeAnew(t: TestContext, pipeline: Pipeline): Promise<void> {
  let processor = await pipeline.start('processor');
  const send = await createSender(pipeline);
  const admin = await pipeline.admin();
  const makeAnew = async (name: TopicName = TOPIC) => {
    const topic = `${pipeline.prefix}${name}`;
    await processor.stop();
    await admin.deleteTopics({ topics: [topic] });
    await until(
      'the topic is gone',
      () => admin.listTopics(),
      (topics) => !topics.includes(topic),
    );
    // Not waited for here: a wait that fails would leave open whether the topic was made.
    await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: false });
    await until(
      'all partitions of the new topic have a leader',
      () => admin.fetchTopicOffsets(topic),
      (partitions) => partitions.length === PARTITIONS,
    );
  };
  const cutOff = async () =>
    (await scrape(processor.url)).find(({ name }) => name === 'storepulse_processor_records_cut_off_total')
      ?.value;
  await send.events(SHOP, ...orders(0, 40));
  await untilDrained(pipeline);

  await t.test('filled beyond the offsets that were read, none of its records is passed over', async () => {
    await makeAnew();
    await send.events(...orders(40, 240));
    processor = await pipeline.start('processor');
    await untilOrders(pipeline, 240);
    assert.equal(await cutOff(), '40');
  });
  await t.test('filled with less than was read, neither', async () => {
    await makeAnew();
    await send.events(...orders(240, 250));
    processor = await pipeline.start('processor');
    await untilOrders(pipeline, 250);
    assert.equal(await cutOff(), '200');
  });
  await t.test('what is gone is told: all of it was counted', async () => {
    const { losses } = await untilReady(processor.url);
    const sum = (of: 'read' | 'unread') => losses.reduce((total, loss) => total + loss[of], 0);
    assert.deepEqual([sum('read'), sum('unread')], [240, 0]);
    assert.deepEqual([...new Set(losses.map(({ change }) => change))], ['made-anew']);
  });
  await t.test('a merge position that the log of notices does not have freezes nothing', async () => {
    await processor.stop();
    const notices = `${pipeline.prefix}metric-changes`;
    const ahead = (await admin.fetchTopicOffsets(notices)).map(({ partition, high }) => ({
      partition,
      offset: String(Number(high) + 500),
    }));
    await admin.setOffsets({
      groupId: `${pipeline.prefix}storepulse-merge`,
      topic: notices,
      partitions: ahead,
    });
    await send.events(...orders(250, 260));
    processor = await pipeline.start('processor');
    await untilOrders(pipeline, 260);
  });
  await t.test('a log of notices that is made anew leaves nothing unmerged', async () => {
    await makeAnew('metric-changes');
    await send.events(...orders(260, 270));
    processor = await pipeline.start('processor');
    await untilOrders(pipeline, 270);
  });
}

/** Records behind an open transaction wait for its end: lag and readiness say so, and event time waits with them. */
export async function waitsForTransactions(t: TestContext, pipeline: Pipeline): Promise<void> {
  const { url } = await pipeline.start('processor');
  const send = await createSender(pipeline);
  await send.events(SHOP, ...orders(0, 1));
  await untilDrained(pipeline);
  const producer = pipeline.kafka.producer({
    transactionalId: pipeline.name,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  pipeline.onStop(() => producer.disconnect());
  await producer.connect();
  const transaction = await producer.transaction();
  const [open] = orders(1, 2);
  const message = { key: `${SHOP.shop}|v1`, value: JSON.stringify(open), partition: 0 };
  await transaction.send({ topic: `${pipeline.prefix}${TOPIC}`, messages: [message] });
  const openedAt = Date.now();
  await send.events(...orders(2, 42));

  await t.test('what lies before it and beside it is counted, the rest is lag', async () => {
    const { reasons, lag } = await until(
      'it is not ready',
      () => statusOf(url),
      ({ reasons }) => reasons.some((reason) => reason.includes('a transaction of a producer is open')),
    );
    assert.match(reasons.join('\n'), /transactions.* 0/);
    const counted = await until(
      'the other partitions are counted',
      () => ordersOf(pipeline),
      (n) => n === 42 - lag.records,
    );
    assert.ok(lag.records > 1 && (counted as number) > 1, `${counted} counted, ${lag.records} wait`);
  });
  await t.test('event time stands still behind it', async () => {
    const task = await pipeline.db
      .collection<{ _id: string; watermarks: Record<string, number>; caughtUp: boolean }>(
        COLLECTIONS.checkpoints,
      )
      .findOne({ _id: 'facts/0' });
    assert.equal(task?.caughtUp, false);
    assert.ok((task?.watermarks[SHOP.shop] ?? 0) <= openedAt, 'no window after it is final');
  });
  await t.test('once it has ended, all of it is counted', async () => {
    await transaction.commit();
    await untilOrders(pipeline, 42);
    await untilReady(url);
  });
}
