import { type Caller, mayUseShop } from '@storepulse/http';
import type { Scrape } from './scrape.ts';

/** What of a scrape is of the shops that a caller may see. What is of several shops together is left out. */
export function scrapeSeenBy(caller: Caller, scrape: Scrape): Scrape {
  const isSeen = ([shop]: readonly [string, unknown]) => mayUseShop(caller, shop);
  return {
    ...scrape,
    families: scrape.families.map(({ family, samples }) => ({
      family,
      dropped: 0,
      samples: samples.filter(
        ({ labels: { shop } }) => shop !== undefined && mayUseShop(caller, String(shop)),
      ),
    })),
    warehouse: {},
    freshness: new Map([...scrape.freshness].filter(isSeen)),
    now: new Map([...scrape.now].filter(isSeen)),
  };
}
