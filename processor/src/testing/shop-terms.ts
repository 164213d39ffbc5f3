import type { Shop, ShopTerms } from '@storepulse/contracts';
import { type ShopTermsStore, termsOf } from '../shop-terms.ts';

/** Terms of shops that one test has fixed, from none on. @param counted shops whose records were counted before */
export function memoryShopTerms(counted: readonly Shop[] = []): ShopTermsStore {
  const fixed = new Map<string, ShopTerms>();
  return {
    fix: async (told) => {
      for (const shop of told) if (!fixed.has(shop.shop)) fixed.set(shop.shop, termsOf(shop));
      return fixed;
    },
    counted: async () => counted,
  };
}
