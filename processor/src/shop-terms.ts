import { COLLECTIONS, SHOP_TERMS, type Shop, type ShopTerms } from '@storepulse/contracts';
import type { Collection } from 'mongodb';
import type { Database } from './store/database.ts';

/** Remembers for ever in which currency, scale and time zone each shop is counted. */
export interface ShopTermsStore {
  /**
   * Fixes the terms of shops that are counted for the first time, as they are told.
   * @returns the terms of all of these shops, by shop: as told, or as they were fixed before by any process
   */
  fix(told: readonly Shop[]): Promise<ReadonlyMap<string, ShopTerms>>;
  /** The shops whose records were counted, as they were told last. */
  counted(): Promise<readonly Shop[]>;
}

/** Terms of one shop as stored: `_id` is the shop. */
type TermsDocument = ShopTerms & { readonly _id: string };

const DUPLICATE_KEY = 11_000;

/**
 * The terms that all processes on a database share. The topic `shops` alone does not tell them: compaction leaves the
 * last record of a key, which may be one that was refused.
 */
export function createShopTermsStore({ db }: Pick<Database, 'db'>): ShopTermsStore {
  const terms = db.collection<TermsDocument>(COLLECTIONS.shopTerms);
  const states = db.collection<TermsDocument>(COLLECTIONS.shops);

  return {
    fix: async (told) => {
      const ids = told.map(({ shop }) => shop);
      const stored = await read(terms, ids);
      const unknown = told.filter(({ shop }) => !stored.has(shop));
      if (unknown.length === 0) return stored;
      // Earlier releases kept the last record of a shop alone: that is what it has been counted in.
      const counted = await read(states, ids);
      const documents = unknown.map((shop) => ({
        _id: shop.shop,
        ...(counted.get(shop.shop) ?? termsOf(shop)),
      }));
      // Another process may be the first.
      await terms.insertMany(documents, { ordered: false }).catch(ignoreDuplicates);
      return read(terms, ids);
    },
    counted: async () => {
      const found = await db.collection<Omit<Shop, 'type'>>(COLLECTIONS.shops).find().toArray();
      return found.map(({ _id, ...shop }) => ({ type: 'shop_upserted', ...shop }));
    },
  };
}

/** Reads what others have fixed, for who only reads. */
export interface ShopTermsReader extends ShopTermsStore {
  /** Whether shops were asked for whose terms nobody has fixed yet. */
  readonly lacksSome: boolean;
}

/** The terms that processes on a database have fixed; `fix` fixes none, and leaves out shops that have none yet. */
export function createShopTermsReader({ db }: Pick<Database, 'db'>): ShopTermsReader {
  const store = createShopTermsStore({ db });
  let lacksSome = false;
  return {
    counted: store.counted,
    fix: async (told) => {
      const ids = told.map(({ shop }) => shop);
      const stored = await read(db.collection<TermsDocument>(COLLECTIONS.shopTerms), ids);
      lacksSome = stored.size < ids.length;
      return stored;
    },
    get lacksSome() {
      return lacksSome;
    },
  };
}

async function read(
  collection: Collection<TermsDocument>,
  ids: readonly string[],
): Promise<Map<string, ShopTerms>> {
  const found = await collection.find({ _id: { $in: ids } }).toArray();
  return new Map(found.map((document) => [document._id, termsOf(document)]));
}

/** The terms alone of whatever has them. */
export function termsOf(shop: ShopTerms): ShopTerms {
  return Object.fromEntries(SHOP_TERMS.map((term) => [term, shop[term]])) as unknown as ShopTerms;
}

function ignoreDuplicates(error: { code?: number }): void {
  if (error.code !== DUPLICATE_KEY) throw error;
}
