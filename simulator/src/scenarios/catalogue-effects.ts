import type { CatalogProduct } from '../world/products.ts';
import type { ShopWorld } from '../world/shop-world.ts';
import type { ScenarioName } from './scenarios.ts';

/** How many of the best sellers are hit. Chosen. */
const SOLD_OUT = 20;
const MISPRICED = 100;

/** What a scenario does to a shop's catalogue when it begins: the products that changed. */
export function beginInCatalogue(scenario: ScenarioName, { products }: ShopWorld): readonly CatalogProduct[] {
  if (scenario === 'stock-out')
    return changed(products.slice(0, SOLD_OUT), (product) => ({ stock: 0, price: product.price }));
  if (scenario === 'price-error') {
    return changed(products.slice(0, MISPRICED), ({ usualPrice, stock }) => ({
      stock,
      price: Math.max(1, Math.round(usualPrice / 100)),
    }));
  }
  return [];
}

/** What its end puts right. */
export function endInCatalogue(scenario: ScenarioName, { products }: ShopWorld): readonly CatalogProduct[] {
  if (scenario === 'stock-out') {
    return changed(products.slice(0, SOLD_OUT), ({ fullStock, price }) => ({ stock: fullStock, price }));
  }
  if (scenario === 'price-error') {
    return changed(products.slice(0, MISPRICED), ({ usualPrice, stock }) => ({ stock, price: usualPrice }));
  }
  return [];
}

function changed(
  products: readonly CatalogProduct[],
  change: (product: CatalogProduct) => { stock: number; price: number },
): readonly CatalogProduct[] {
  for (const product of products) Object.assign(product, change(product));
  return products;
}
