import type { FactCollection } from './events/index.ts';
import type { COLLECTIONS } from './storage.ts';
import type { TopicName } from './topics.ts';

/** How what is stored comes to its end. */
export interface Keeping {
  /**
   * `time`: after so long; `work`: once it has been used; `replaced`: by its successor of the same key, so that there is one for
   * each thing; `kept`: never, for the reason that `how` gives.
   */
  readonly ends: 'time' | 'work' | 'replaced' | 'kept';
  /** When, or why never, in words. */
  readonly how: string;
}

const FACT: Keeping = {
  ends: 'kept',
  how: 'one for each business id: without it, a second copy of the event would count again',
};
const STATE: Keeping = { ends: 'replaced', how: 'one for each key, until its tombstone' };

/** Why a topic holds no more than it must. A topic that is added has no place without it. */
export const TOPIC_KEEPING: Readonly<Record<TopicName, Keeping>> = {
  shops: { ends: 'replaced', how: 'one record for each shop' },
  customers: {
    ends: 'replaced',
    how: 'one record for each customer; an erased one leaves its tombstone for ten years',
  },
  products: { ends: 'replaced', how: 'one record for each product, until its tombstone' },
  transactions: { ends: 'kept', how: 'what sales are counted anew from' },
  'product-views': { ends: 'time', how: 'a week' },
  'user-interactions': { ends: 'time', how: 'a week' },
  'system-logs': { ends: 'time', how: 'a day' },
  'dead-letter': { ends: 'time', how: 'two weeks' },
  'metric-changes': { ends: 'time', how: 'a day' },
  metrics: {
    ends: 'replaced',
    how: 'one record for each window, until the tombstone of a window whose time has passed; days and lifetimes stay',
  },
  'sim-ledger': {
    ends: 'kept',
    how: 'what is true of everything that was ever simulated, which `npm run verify` compares',
  },
};

/** Collections that the processor, the exporter and the warehouse share. */
export type StoredCollection = (typeof COLLECTIONS)[keyof typeof COLLECTIONS] | FactCollection;

/** Why a collection holds no more than it must. A collection that is added has no place without it. */
export const COLLECTION_KEEPING: Readonly<Record<StoredCollection, Keeping>> = {
  metrics: { ends: 'time', how: 'the shop’s retention, by resolution; days and lifetimes stay' },
  partials: { ends: 'time', how: 'with the windows that they feed' },
  sessions: {
    ends: 'time',
    how: 'two years after a visit was written last, unless the shop keeps everything',
  },
  checkpoints: { ends: 'replaced', how: 'one for each task' },
  'visit-shares': { ends: 'work', how: 'when the task that owns the visit has taken them in' },
  'event-ids': {
    ends: 'time',
    how: 'the horizon of duplicates, ten minutes; of a shop gone quiet, with its next event',
  },
  shops: { ends: 'replaced', how: 'one for each shop' },
  'shop-terms': { ends: 'kept', how: 'one for each shop: its currency and scale do not change' },
  customers: STATE,
  products: STATE,
  'erased-customers': {
    ends: 'kept',
    how: 'a hash of each erased customer: events that come later must not name them',
  },
  erasures: { ends: 'work', how: 'when the task has cleared its facts' },
  'merge-progress': { ends: 'replaced', how: 'one for each partition' },
  meta: { ends: 'replaced', how: 'one document' },
  'stored-metrics': { ends: 'replaced', how: 'one for each metric that was ever counted' },
  'open-visits': {
    ends: 'kept',
    how: 'the visits that were open when a new metric over visits was begun: a rebuild of it needs them, at any time',
  },
  annotations: { ends: 'kept', how: 'what somebody has marked stays on the charts of its time' },
  'rebuild-checkpoints': { ends: 'replaced', how: 'one for each task of each rebuild' },
  'warehouse-runs': { ends: 'time', how: '400 days' },
  orders: FACT,
  'order-edits': FACT,
  refunds: FACT,
  payments: FACT,
  adjustments: FACT,
  'stock-movements': FACT,
  'exchange-rates': FACT,
  cancellations: FACT,
  reviews: FACT,
};
