import type { CheckpointDocument, TopicName } from '@storepulse/contracts';

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
   * The shops' watermarks: the least over the task's topics of the latest event less disorder, where a topic that is
   * idle counts as the instant up to which it is known to be read, less lateness. Never goes back.
   * @param readAt when (epoch ms) a topic's end was asked for that has been reached by now; undefined: it is not reached.
   * Time that has passed since then counts for nothing: while nobody tells the end, records may be added behind it.
   */
  read(readAt: (topic: TopicName) => number | undefined): Record<string, number>;
  /** By shop, the latest event time. */
  latest(): Record<string, number>;
  /** By topic and shop, the latest event time. */
  latestByTopic(): Record<string, Record<string, number>>;
  /** By shop, when (wall clock, epoch ms) it was met first. */
  since(): Record<string, number>;
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
  stored: Pick<CheckpointDocument, 'watermarks' | 'latest' | 'latestByTopic' | 'since'>;
}): Watermarks {
  const { topics, disorderMs, latenessMs, now: clock } = options;
  const reached = new Map(Object.entries(options.stored.watermarks));
  const latest = new Map(Object.entries(options.stored.latest));
  const since = new Map(Object.entries(options.stored.since ?? {}));
  const shops = new Map<string, Map<TopicName, Progress>>();
  for (const shop of latest.keys()) shops.set(shop, new Map());
  for (const topic of topics) {
    // Whoever goes on after a claim finds the same events late as the one before did.
    for (const [shop, time] of Object.entries(options.stored.latestByTopic?.[topic] ?? {}))
      shops.get(shop)?.set(topic, { latest: time, seenAt: 0 });
  }

  const ofTopic = (progress: Progress | undefined, readAt: number | undefined): number => {
    const idle = readAt !== undefined && readAt - (progress?.seenAt ?? 0) >= IDLE_AFTER_MS;
    if (idle) return readAt - latenessMs;
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
        since.set(shop, clock());
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
    read: (readAt) => {
      for (const [shop, ofShop] of shops) {
        const watermark = Math.min(...topics.map((topic) => ofTopic(ofShop.get(topic), readAt(topic))));
        if (watermark > (reached.get(shop) ?? 0)) reached.set(shop, watermark);
      }
      return Object.fromEntries(reached);
    },
    latest: () => Object.fromEntries(latest),
    latestByTopic: () =>
      Object.fromEntries(
        topics.map((topic) => {
          const ofTopic = [...shops].flatMap(([shop, ofShop]) => {
            const progress = ofShop.get(topic);
            return progress ? [[shop, progress.latest] as const] : [];
          });
          return [topic, Object.fromEntries(ofTopic)];
        }),
      ),
    since: () => Object.fromEntries(since),
  };
}
