import type { Faker } from '@faker-js/faker';
import type { Random } from '../random/random.ts';
import type { Market } from './markets.ts';

/** A product on sale. Its stock changes as it sells. */
export interface CatalogProduct {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  /** In the shop's minor units: as shown now, and as it should be. */
  price: number;
  readonly usualPrice: number;
  readonly supplier: string;
  readonly brand: string;
  readonly rating: number;
  stock: number;
  /** Pieces that a delivery brings the stock back to. */
  readonly fullStock: number;
}

/** Categories with their median prices in pounds. Chosen. */
const CATEGORIES = [
  { name: 'Home', code: 'HOM', price: 18 },
  { name: 'Kitchen', code: 'KIT', price: 24 },
  { name: 'Garden', code: 'GAR', price: 29 },
  { name: 'Toys', code: 'TOY', price: 15 },
  { name: 'Books', code: 'BOO', price: 11 },
  { name: 'Clothing', code: 'CLO', price: 32 },
  { name: 'Beauty', code: 'BEA', price: 14 },
  { name: 'Electronics', code: 'ELE', price: 89 },
] as const;
/** Spread of prices within a category (sigma of the logarithm): few are dear. Chosen. */
const PRICE_SIGMA = 0.6;

/** The products of a shop, best-selling first. */
export function makeProducts(
  count: number,
  { faker, random, market, scale }: { faker: Faker; random: Random; market: Market; scale: number },
): CatalogProduct[] {
  const suppliers = Array.from({ length: 24 }, () => faker.company.name().slice(0, 120));
  return Array.from({ length: count }, (_, index) => {
    const category = random.pick(CATEGORIES);
    const fullStock = random.integer(80, 600);
    const price = roundPrice(random.logNormal(category.price, PRICE_SIGMA) * market.priceLevel, scale);
    const supplier = random.pick(suppliers);
    return {
      sku: `${category.code}-${String(index + 1).padStart(4, '0')}`,
      name: faker.commerce.productName(),
      category: category.name,
      price,
      usualPrice: price,
      supplier,
      brand: brandOf(supplier, index),
      rating: Math.round((3.2 + 1.8 * random.next() ** 0.6) * 10) / 10,
      stock: fullStock,
      fullStock,
    };
  });
}

/** A supplier has a few brands, which carry the names in its own. */
function brandOf(supplier: string, index: number): string {
  const names = supplier
    .match(/\p{Lu}[\p{L}']{2,}/gu)
    ?.filter((name) => !/^(Inc|LLC|Ltd|Group|Sons)$/.test(name));
  return names?.[index % names.length] ?? supplier.slice(0, 80);
}

/** A price as shops write them: ending in 99 or 49 where the currency has hundredths. */
function roundPrice(units: number, scale: number): number {
  if (scale < 2) return Math.max(1, Math.round(units / 10) * 10) * 10 ** scale;
  const hundredths = Math.max(1, Math.round(units * 2)) * 50 - 1;
  return hundredths * 10 ** (scale - 2);
}
