import type { SessionDocument } from '@storepulse/processor/aggregate/sessions';
import type { Db } from 'mongodb';

const BATCH = 10_000;

/** Stores visits of a shop as its tasks would have: half of them settled, half not due for half an hour. */
export async function storeVisits(
  db: Db,
  { shop, count, partitions }: { shop: string; count: number; partitions: number },
  onProgress: (stored: number) => void,
): Promise<void> {
  const sessions = db.collection<SessionDocument>('sessions');
  const now = Date.now();
  for (let from = 0; from < count; from += BATCH) {
    const visits = Array.from({ length: Math.min(BATCH, count - from) }, (_, index): SessionDocument => {
      const number = from + index;
      const settled = number % 2 === 0;
      const firstTime = settled ? now - 86_400_000 : now;
      return {
        _id: `${shop}|stored-${number}`,
        task: `facts/${number % partitions}`,
        ...{ shop, firstTime, firstEventId: `event-${number}`, lastTime: firstTime + 60_000 },
        ...{ device: 'mobile', channel: 'direct', country: 'GB' },
        steps: { viewed: [firstTime + 10_000], carted: [firstTime + 20_000] },
        interactions: [firstTime + 10_000, firstTime + 20_000],
        settled,
      };
    });
    await sessions.insertMany(visits, { ordered: false, writeConcern: { w: 1 } });
    onProgress(from + visits.length);
  }
}
