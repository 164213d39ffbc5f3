import {
  KafkaSettingsSchema,
  readSettings,
  type Shop,
  type StoreEvent,
  toRecord,
} from '@storepulse/contracts';
import { anOrder, SHOP } from '@storepulse/processor/testing/events';
import { openKafkaSink } from '@storepulse/simulator/sink/kafka-sink';
import { until } from '../../support/until.ts';
import type { Lane } from './lane.ts';

/** Measures how long an order takes from its sending until it can be read in MongoDB. */
export interface Probe {
  /** Sends one order. */
  send(): Promise<void>;
  /** Waits until all that were sent can be read. @returns their latencies in ms since the last call */
  take(): Promise<number[]>;
}

/** The lifetime window of the probe's shop. */
const WINDOW = 'probe|sales|narrow|all|0|0';
const LOOK_EVERY_MS = 5;

/** Tells a lane of a shop of the probe's own: all its orders are one visitor's, so they are counted in order. */
export async function openProbe(lane: Lane): Promise<Probe> {
  const { pipeline } = lane;
  const settings = readSettings(KafkaSettingsSchema, pipeline.settings);
  const sink = await openKafkaSink({ settings, clientId: 'probe' });
  pipeline.onStop(() => sink.close());
  await sink.send([toRecord({ ...SHOP, shop: 'probe' } satisfies Shop & StoreEvent, 'chaos')]);
  const sentAt: number[] = [];
  const latencies: number[] = [];
  let seen = 0;

  const changes = pipeline.metrics.watch([{ $match: { 'documentKey._id': WINDOW } }], {
    fullDocument: 'updateLookup',
    maxAwaitTimeMS: LOOK_EVERY_MS,
  });
  await changes.tryNext();
  let wanted = true;
  const watching = (async () => {
    while (wanted) {
      const change = await changes.tryNext();
      if (!change || !('fullDocument' in change) || !change.fullDocument) continue;
      const count = Number(change.fullDocument.cells.total?.all?.orders ?? 0);
      const now = performance.now();
      for (; seen < count; seen++) latencies.push(now - sentAt[seen]!);
    }
  })();
  pipeline.onStop(async () => {
    wanted = false;
    await watching;
    await changes.close();
  });

  return {
    send: async () => {
      const eventTime = Date.now();
      sentAt.push(performance.now());
      const order = anOrder({ shop: 'probe', orderId: `probe-${sentAt.length}`, eventTime });
      await sink.send([toRecord({ ...order, eventId: `probe-event-${sentAt.length}` }, 'chaos')]);
    },
    take: async () => {
      await until(
        'all probes can be read',
        () => seen,
        (n) => n === sentAt.length,
      );
      return latencies.splice(0);
    },
  };
}
