import { UnusableQueryError } from '@storepulse/contracts/grafana/checks';
import type { ReadText } from './readVariables';

/**
 * The shops that a text stands for, several where it is a variable of several; the default one where it is empty. None
 * where there is no default either.
 * @throws {UnusableQueryError} when the text is a variable without a value of its own
 */
export function readShops(
  shop: string | undefined,
  { readText, defaultShop }: { readText: ReadText; defaultShop: string | undefined },
): string[] {
  const shops = readTexts(shop || defaultShop, readText);
  if (shop && shops.length === 0) {
    throw new UnusableQueryError(`The shop is ${shop}, which has no value of its own. Choose a shop.`);
  }
  return shops;
}

/** What a text stands for; nothing where it is empty, All, or names a variable that there is not. */
export function readTexts(text: string | undefined, readText: ReadText): string[] {
  const reading = text ? readText(text) : undefined;
  return reading?.kind === 'texts' && reading.unknown.length === 0 ? reading.texts : [];
}
