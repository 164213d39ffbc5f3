import { createHash } from 'node:crypto';

/** What a commit does to one customer. */
export interface PersonChange {
  /** When the last tombstone in it was sent, epoch ms; undefined: there was none. */
  readonly erasedAt?: number;
  /** When the customer was first told anew after that, epoch ms; undefined: not. */
  readonly toldAt?: number;
}

/** Changes of customers by Kafka key, in the order of the log, between two commits. */
export interface People {
  erase(key: string, sentAt: number): void;
  tell(key: string, sentAt: number): void;
  /** What came since the last call. */
  take(): ReadonlyMap<string, PersonChange>;
}

/** Notes which customers were erased, and which were told (anew). */
export function createPeople(): People {
  let changes = new Map<string, PersonChange>();
  return {
    erase: (key, sentAt) => {
      changes.set(key, { erasedAt: sentAt });
    },
    tell: (key, sentAt) => {
      const change = changes.get(key);
      if (change?.toldAt === undefined) changes.set(key, { ...change, toldAt: sentAt });
    },
    take: () => {
      const taken = changes;
      changes = new Map();
      return taken;
    },
  };
}

/** The `_id` of an erased customer: the SHA-256 of `shop|customerId`, in hexadecimal. */
export function erasedId(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
