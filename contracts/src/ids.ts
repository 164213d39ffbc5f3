/**
 * Branded identifiers: plain strings at run time, distinct types for the compiler, so that a visitor's id is
 * never passed where a shop's is meant.
 */
declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A tenant: lower-case letters, digits and hyphens, at most 40 characters. Begins every Kafka key. */
export type ShopId = Brand<string, 'ShopId'>;
/** An instant: milliseconds since the Unix epoch, UTC. */
export type EpochMs = Brand<number, 'EpochMs'>;
/** An integer amount of money in units of 10^-scale of the shop's currency. */
export type MinorUnits = Brand<number, 'MinorUnits'>;

const SHOP_PATTERN = '^[a-z0-9][a-z0-9-]{0,39}$';
const shopPattern = new RegExp(SHOP_PATTERN);

/**
 * Reads a shop's id.
 * @throws {RangeError} when it is not 1 to 40 lower-case letters, digits or hyphens, beginning with no hyphen.
 */
export function shopId(text: string): ShopId {
  if (!shopPattern.test(text)) {
    throw new RangeError(
      `"${text}" is not a shop id: use 1 to 40 lower-case letters, digits and hyphens, not beginning with a hyphen`,
    );
  }
  return text as ShopId;
}

/** The pattern of a shop's id, for JSON Schemas. */
export { SHOP_PATTERN };
