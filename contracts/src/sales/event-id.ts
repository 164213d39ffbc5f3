import { createHash } from 'node:crypto';
import { v7 } from 'uuid';

/**
 * The event id of a fact that has a business key: a UUIDv7 of its event time whose random part is a hash of the
 * key, so that telling the same fact again gives the same event.
 */
export function derivedEventId(eventTime: number, ...key: readonly string[]): string {
  const random = createHash('sha256').update(key.join('|')).digest();
  return v7({ msecs: eventTime, random });
}
