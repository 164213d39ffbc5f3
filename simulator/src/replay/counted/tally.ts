import type { FactEvent } from '@storepulse/contracts/sales/invoice';
import { amountOf, type FactKey, keyOf, moneyOf, textOf } from './facts.ts';
import type { CountedStore } from './store.ts';

/** Sums over events, in minor units. */
export interface Sums {
  /** Σ of ordered lines and of lines that edits put on. */
  readonly grossSales: number;
  /** Σ of refunds and of lines that edits take off. */
  readonly returns: number;
  readonly adjustments: number;
}

/** What became of the facts that were sent. */
export interface CountedSums {
  readonly sums: Sums;
  /** Facts that are not counted as they were sent, and the first of them in words. */
  readonly amissCount: number;
  readonly amiss: readonly string[];
}

interface Sent {
  readonly key: FactKey;
  readonly name: string;
  readonly money: number;
  readonly sums: Sums;
}

const NONE: Sums = { grossSales: 0, returns: 0, adjustments: 0 };
const MAX_REPORTED = 20;

/** Keeps what was sent, to hold it against what is counted. */
export interface SentFacts {
  add(event: FactEvent): void;
  /** The sums of what was sent. */
  sent(): Sums;
  /** The sums of what is counted of it. */
  counted(store: Pick<CountedStore, 'amounts'>): Promise<CountedSums>;
}

/** Makes an empty one. */
export function createSentFacts(): SentFacts {
  const facts: Sent[] = [];
  return {
    add: (event) => {
      const key = keyOf(event);
      const name = `${event.type} ${key.id.slice(event.shop.length + 1)}`;
      facts.push({ key, name, money: moneyOf(event), sums: sumsOf(event) });
    },
    sent: () => facts.map(({ sums }) => sums).reduce(add, NONE),
    counted: async (store) => {
      const amounts = await store.amounts(facts.map(({ key }) => key));
      let sums = NONE;
      const amiss: string[] = [];
      let amissCount = 0;
      for (const fact of facts) {
        const amount = amounts.get(textOf(fact.key));
        if (amount === fact.money) sums = add(sums, fact.sums);
        else {
          amissCount += 1;
          const what =
            amount === undefined ? 'is not counted (npm run dead-letters)' : 'is counted with another amount';
          if (amiss.length < MAX_REPORTED) amiss.push(`${fact.name} ${what}`);
        }
      }
      return { sums, amissCount, amiss };
    },
  };
}

function sumsOf(event: FactEvent): Sums {
  if (event.type === 'order_placed') return { ...NONE, grossSales: event.subtotal };
  if (event.type === 'order_edited')
    return { ...NONE, grossSales: amountOf(event.added), returns: amountOf(event.removed) };
  if (event.type === 'refund_issued') return { ...NONE, returns: event.amount };
  if (event.type === 'adjustment_posted') return { ...NONE, adjustments: event.amount };
  return NONE;
}

function add(a: Sums, b: Sums): Sums {
  return {
    grossSales: a.grossSales + b.grossSales,
    returns: a.returns + b.returns,
    adjustments: a.adjustments + b.adjustments,
  };
}
