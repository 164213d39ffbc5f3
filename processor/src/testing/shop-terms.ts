import type { ShopTerms } from '@storepulse/contracts';
import { type ShopTermsStore, termsOf } from '../shop-terms.ts';

/** Terms of shops that one test has fixed, from none on. */
export function memoryShopTerms(): ShopTermsStore {
  const fixed = new Map<string, ShopTerms>();
  return {
    fix: async (told) => {
      for (const shop of told) if (!fixed.has(shop.shop)) fixed.set(shop.shop, termsOf(shop));
      return fixed;
    },
  };
}
