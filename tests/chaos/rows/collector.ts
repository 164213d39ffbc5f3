import { setTimeout as sleep } from 'node:timers/promises';
import { type EventOf, NARROW_PART } from '@storepulse/contracts';
import { createRandom } from '@storepulse/simulator/random/random';
import { untilDrained } from '../../support/pipeline/drained.ts';
import { followTopic } from '../../support/pipeline/follow-topic.ts';
import type { Pipeline } from '../../support/pipeline/pipeline.ts';
import { until } from '../../support/until.ts';
import type { Row } from '../row.ts';
import { createAttempts } from '../support/attempts.ts';
import type { Difference } from '../support/oracle.ts';
import { createShopClients } from '../support/shop-clients.ts';

const DOWN_MS = 1_000;
/** From the return of the broker to the next acknowledgement. */
const RECOVERY_MS = 15_000;

/** The broker is killed while shops send through the collector. */
export const collector: Row = {
  id: 'R23',
  what: '`kill -9` of the Kafka broker while clients send through the collector',
  figure: 'every acknowledged event in Kafka: lost 0, double 0; events are acknowledged again within 15 s',
  repeats: 20,
  small: 1,
  run: async ({ ownServers: startServers, clock, name, repeats, onRepeat }) => {
    const servers = await startServers();
    const attempts = createAttempts({ onRepeat });
    const pipeline = servers.pipeline(name);
    await pipeline.start('processor');
    const { url, service } = await pipeline.start('collector');
    const { pid } = service;
    const clients = createShopClients(url, name);
    await clients.open();
    const inKafka = new Set<string>();
    await followTopic(pipeline, 'transactions', ({ value }) => {
      inKafka.add((JSON.parse(String(value)) as EventOf<'order_placed'>).orderId);
    });
    const random = createRandom(name);
    const stop = clients.sendOn();
    for (let n = 0; n < repeats; n++) {
      const before = clients.acknowledged.size;
      await until(
        'events are acknowledged',
        () => clients.acknowledged.size,
        (size) => size > before,
      );
      await sleep(random.integer(0, 1_000));
      await attempts.repeat(`kill ${n}`, async () => {
        await servers.kafka.kill();
        await sleep(DOWN_MS);
        await servers.kafka.start();
        const atReturn = clients.acknowledged.size;
        const stopwatch = await clock.start();
        const elapsed = await until(
          'events are acknowledged again',
          () => clients.acknowledged.size,
          (size) => size > atReturn,
        ).then(stopwatch);
        if (elapsed > RECOVERY_MS) throw new Error(`recovery took ${elapsed} ms, more than ${RECOVERY_MS}`);
        return elapsed;
      });
    }
    await stop();
    if (service.pid !== pid) attempts.fail('the collector ended');
    await untilDrained(pipeline);
    attempts.differences(await differences(pipeline, name, clients.acknowledged, inKafka));
    attempts.figure('acknowledged', clients.acknowledged.size);
    attempts.figure('sent again', clients.repeated);
    return attempts.outcome();
  },
};

/** Holds what Kafka has and what is counted against what was acknowledged. */
async function differences(
  { db, metrics }: Pipeline,
  shop: string,
  acknowledged: ReadonlySet<string>,
  inKafka: ReadonlySet<string>,
): Promise<Difference[]> {
  const missing = () => [...acknowledged].filter((id) => !inKafka.has(id)).length;
  // What is read may lie behind what is counted; what stays away is told below.
  await until('all that was acknowledged is read', missing, (count) => count === 0, 60_000).catch(
    () => undefined,
  );
  const window = await metrics.findOne({ shop, group: 'sales', part: NARROW_PART, resolution: 'all' });
  const stored = await db.collection('orders').countDocuments({ shop });
  return [
    { cell: 'orders on the topic', expected: acknowledged.size, shown: acknowledged.size - missing() },
    { cell: 'orders that are stored', expected: acknowledged.size, shown: stored },
    {
      cell: 'orders that are counted',
      expected: acknowledged.size,
      shown: Number(window?.cells.total?.all?.orders ?? 0),
    },
  ].filter(({ expected, shown }) => expected !== shown);
}
