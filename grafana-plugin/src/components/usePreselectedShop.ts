import { useEffect, useRef } from 'react';
import type { CatalogShop } from '../api/catalog';

/**
 * Chooses the first shop for a query that has none when the shops become known, so that a new query answers at once.
 * Only then: a choice that the user clears later stays cleared.
 */
export function usePreselectedShop(
  shops: CatalogShop[] | undefined,
  chosen: string | undefined,
  onChoose: (shop: string) => void,
): void {
  const done = useRef(false);
  useEffect(() => {
    if (shops && !done.current) {
      done.current = true;
      if (!chosen && shops[0]) {
        onChoose(shops[0].shop);
      }
    }
  }, [shops, chosen, onChoose]);
}
