import type { TopicName } from '@storepulse/contracts';

/** Without events for this long, a partition that was read to its end no longer holds its shops back. */
export const IDLE_AFTER_MS = 10_000;

/** Event-time progress of one task, by shop. */
export interface Watermarks {
  /**
   * Notes how far an event tells that time has got (epoch ms); true when it is late: behind its own partition's watermark
   * by more than the allowed lateness.
   */
  note(topic: TopicName, shop: string, eventTime: number): boolean;
  /**
   * The shops' watermarks at a wall-clock time: the least over the task's topics of the latest event less disorder,
   * where a topic that is idle counts as the wall clock less lateness. Never goes back.
   * @param isRead whether a topic has been read to its end
   */
  read(now: number, isRead: (topic: TopicName) => boolean): Record<string, number>;
  /** By shop, the latest event time. */
  latest(): Record<string, number>;
}

interface Progress {
  latest: number;
  seenAt: number;
}

/** Builds the watermarks of a task from what its checkpoint holds. */
export function createWatermarks(options: {
  topics: readonly TopicName[];
  disorderMs: number;
  latenessMs: number;
  now: () => number;
  stored: { watermarks: Readonly<Record<string, number>>; latest: Readonly<Record<string, number>> };
}): Watermarks {
  const { topics, disorderMs, latenessMs, now: clock } = options;
  const reached = new Map(Object.entries(options.stored.watermarks));
  const latest = new Map(Object.entries(options.stored.latest));
  const shops = new Map<string, Map<TopicName, Progress>>();
  for (const shop of latest.keys()) shops.set(shop, new Map());

  const ofTopic = (progress: Progress | undefined, now: number, isRead: boolean): number => {
    const idle = isRead && now - (progress?.seenAt ?? 0) >= IDLE_AFTER_MS;
    if (idle) return now - latenessMs;
    return progress ? progress.latest - disorderMs : Number.NEGATIVE_INFINITY;
  };

  const advance = (shop: string, eventTime: number) => {
    if (eventTime > (latest.get(shop) ?? 0)) latest.set(shop, eventTime);
  };

  return {
    note: (topic, shop, eventTime) => {
      let ofShop = shops.get(shop);
      if (!ofShop) {
        ofShop = new Map();
        shops.set(shop, ofShop);
      }
      const progress = ofShop.get(topic);
      if (!progress) {
        ofShop.set(topic, { latest: eventTime, seenAt: clock() });
        advance(shop, eventTime);
        return false;
      }
      progress.seenAt = clock();
      if (eventTime > progress.latest) {
        progress.latest = eventTime;
        advance(shop, eventTime);
      }
      return eventTime < progress.latest - disorderMs - latenessMs;
    },
    read: (now, isRead) => {
      for (const [shop, ofShop] of shops) {
        const watermark = Math.min(...topics.map((topic) => ofTopic(ofShop.get(topic), now, isRead(topic))));
        if (watermark > (reached.get(shop) ?? 0)) reached.set(shop, watermark);
      }
      return Object.fromEntries(reached);
    },
    latest: () => Object.fromEntries(latest),
  };
}
