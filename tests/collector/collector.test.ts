import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnnotationDocument, COLLECTIONS, type EventOf, partitionOf } from '@storepulse/contracts';
import { anEvent, anOrder, SHOP } from '@storepulse/contracts/testing/events';
import { scrape } from '../support/figures/prometheus.ts';
import { untilDrained } from '../support/pipeline/drained.ts';
import { fatesOf } from '../support/pipeline/fates.ts';
import { followTopic } from '../support/pipeline/follow-topic.ts';
import { useServers } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { runExamples } from './examples.ts';
import { findWhatWasSent } from './records.ts';
import { replayAndImport } from './sales.ts';
import { WEBHOOK_FACTS } from './webhooks.ts';

test('from a request to what is counted, on real servers', async (t) => {
  await using servers = await useServers();
  const pipeline = servers.pipeline('collector');
  const processor = await pipeline.start('processor');
  const { url } = await pipeline.start('collector');
  const send = async (events: unknown) => {
    const answer = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(events),
    });
    return { status: answer.status, body: (await answer.json()) as { accepted: number } };
  };
  const eventTime = Date.now() - 60_000;
  const orders = Array.from({ length: 40 }, (_, i) =>
    anOrder({ eventTime, orderId: `o${i}`, visitorId: `v${i}` }),
  );
  const views = orders.map(({ visitorId }) => anEvent('product_viewed', { eventTime, visitorId }));
  const events = [SHOP, ...orders, ...views];
  const counted = { processed: events.length, duplicate: events.length };

  await t.test('an event of a shop that nobody has told of is refused', async () => {
    const { status, body } = await send(orders[0]);
    assert.deepEqual([status, body], [422, body]);
    assert.match(JSON.stringify(body), /unknown-shop/);
  });
  await t.test('a shop and its events are accepted in one request, and once more', async () => {
    for (const _ of [1, 2]) {
      const { status, body } = await send(events);
      assert.deepEqual([status, body.accepted], [200, events.length], JSON.stringify(body));
    }
  });
  await t.test(
    'Kafka has each under the key of its visitor, on the partition that Kafka’s own clients choose',
    async () => {
      const admin = await pipeline.admin();
      const { length: count } = await admin.fetchTopicOffsets(`${pipeline.prefix}transactions`);
      const seen: { key: string; partition: number; orderId: string }[] = [];
      await followTopic(pipeline, 'transactions', ({ key, value }, partition) => {
        const { orderId } = JSON.parse(String(value)) as EventOf<'order_placed'>;
        seen.push({ key: String(key), partition, orderId });
      });
      await until(
        'both copies of all orders are read',
        () => seen.length,
        (length) => length === 2 * orders.length,
      );
      for (const { key, partition, orderId } of seen) {
        assert.equal(key, `${SHOP.shop}|v${orderId.slice(1)}`);
        assert.equal(partition, partitionOf(key, count));
      }
      assert.equal(new Set(seen.map(({ partition }) => partition)).size, count);
    },
  );
  await t.test('the processor counts each once', async () => {
    await untilDrained(pipeline);
    const { processed, duplicate, ...others } = await fatesOf(pipeline);
    assert.deepEqual(others, {});
    assert.deepEqual([processed, duplicate], [events.length, events.length]);
    assert.equal(await pipeline.db.collection('orders').countDocuments({ shop: SHOP.shop }), orders.length);
  });
  await t.test('what was sent is in the lists of records, and a search finds it', async () => {
    counted.processed += await findWhatWasSent(pipeline, send, eventTime);
  });
  await t.test('an annotation that is told at its begin and its end is kept as one', async () => {
    const posted = (phase: 'start' | 'end', time: number) => ({
      ...{ type: 'annotation_posted', eventId: `sale-${phase}`, eventTime: time, shop: SHOP.shop, phase },
      ...{ annotationId: 'sale', title: 'Summer sale', text: 'all mugs', tags: ['promotion'] },
    });
    const begin = posted('start', eventTime);
    for (const told of [[begin, posted('end', eventTime + 5_000)], [begin]]) {
      const { status, body } = await send(told);
      assert.deepEqual([status, body.accepted], [200, told.length], JSON.stringify(body));
    }
    await untilDrained(pipeline);
    const annotations = pipeline.db.collection<AnnotationDocument>(COLLECTIONS.annotations);
    assert.deepEqual(await annotations.find().toArray(), [
      {
        ...{ _id: `${SHOP.shop}|sale`, shop: SHOP.shop, title: 'Summer sale', text: 'all mugs' },
        ...{ tags: ['promotion'], start: eventTime, end: eventTime + 5_000 },
      },
    ]);
    counted.processed += 2;
    counted.duplicate += 1;
  });
  await t.test('the examples of the page "Connect your shop" are accepted, and counted', async (t) => {
    // Without curl, the page's shop has to be told here.
    await send({
      ...SHOP,
      eventId: 'my-shop-0',
      shop: 'my-shop',
      currency: 'EUR',
      timeZone: 'Europe/Berlin',
    });
    const { KAFKA_BROKERS = '', TOPIC_PREFIX = '' } = pipeline.settings;
    const { orders, others: further, copies } = await runExamples(t, url, { KAFKA_BROKERS, TOPIC_PREFIX });
    await untilDrained(pipeline);
    const { processed, duplicate, ...others } = await fatesOf(pipeline);
    assert.deepEqual(others, {});
    assert.equal(await pipeline.db.collection('orders').countDocuments({ shop: 'my-shop' }), orders);
    assert.ok((processed ?? 0) >= counted.processed + orders + further);
    assert.equal(duplicate, counted.duplicate + copies);
    for (const [name, { filter, amounts }] of Object.entries(WEBHOOK_FACTS)) {
      const projection = { _id: 0, ...Object.fromEntries(Object.keys(amounts).map((field) => [field, 1])) };
      const [fact] = await pipeline.db
        .collection<{ _id: string }>(name)
        .find(filter, { projection })
        .toArray();
      assert.deepEqual(fact, amounts);
    }
    // None is on a partition that another client would not have chosen.
    const misplaced = (await scrape(processor.url)).filter(
      ({ name }) => name === 'storepulse_processor_misplaced_records_total',
    );
    for (const { value } of misplaced) assert.equal(Number(value), 0);
  });
  await t.test(
    'a file of sales that is replayed through the collector, straight to Kafka, and imported counts once',
    () => replayAndImport(pipeline, url, servers.folder),
  );
});
