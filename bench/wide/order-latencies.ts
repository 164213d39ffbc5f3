import type { MetricDocument } from '@storepulse/contracts';
import type { Db } from 'mongodb';

/** How long orders take until the lifetime of their shop shows them. */
export interface OrderLatencies {
  /** Notes that a shop's next order is due at an instant, epoch ms. */
  due(shop: string, at: number): void;
  /** Orders that no figure shows yet. */
  readonly open: number;
  /** Latencies of those that are shown, since the last call, in ms, the least first. */
  take(): number[];
  close(): Promise<void>;
}

/** Watches the windows that some shops' orders are counted in. */
export function watchOrders(db: Db, shops: readonly string[]): OrderLatencies {
  const dueAt = new Map(shops.map((shop) => [shop, [] as number[]]));
  const shown = new Map<string, number>();
  let latencies: number[] = [];
  const changes = db.collection<MetricDocument>('metrics').watch(
    [
      { $match: { operationType: { $in: ['insert', 'replace'] } } },
      {
        $match: {
          'fullDocument.shop': { $in: shops },
          'fullDocument.group': 'sales',
          'fullDocument.part': 'narrow',
          'fullDocument.resolution': 'all',
        },
      },
      { $project: { 'fullDocument.shop': 1, 'fullDocument.cells.total': 1 } },
    ],
    { maxAwaitTimeMS: 100 },
  );
  changes.on('change', (change) => {
    const { fullDocument } = change as unknown as { fullDocument: MetricDocument };
    const orders = (fullDocument.cells.total?.all?.orders ?? 0) as number;
    const due = dueAt.get(fullDocument.shop)!;
    const now = Date.now();
    for (let n = shown.get(fullDocument.shop) ?? 0; n < orders; n++) latencies.push(now - due[n]!);
    shown.set(fullDocument.shop, Math.max(orders, shown.get(fullDocument.shop) ?? 0));
  });

  return {
    due: (shop, at) => {
      dueAt.get(shop)!.push(at);
    },
    get open() {
      return [...dueAt].reduce((sum, [shop, due]) => sum + due.length - (shown.get(shop) ?? 0), 0);
    },
    take: () => {
      const taken = latencies.sort((a, b) => a - b);
      latencies = [];
      return taken;
    },
    close: () => changes.close(),
  };
}
