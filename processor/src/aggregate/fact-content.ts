import { createHash } from 'node:crypto';
import type { FactCollection } from '@storepulse/contracts';
import { PERSONAL_FIELDS } from '../erasure/clear.ts';

/**
 * A digest of what a fact says, by which one that is told again is compared with the stored one. It goes by the stored
 * fields, in any order, but for the event's own id, which a retry may make anew, and for what is personal, which an
 * erasure has cleared.
 */
export function contentOf(collection: FactCollection, fields: Readonly<Record<string, unknown>>): string {
  const ignored = ['eventId', ...PERSONAL_FIELDS.get(collection)!];
  const said = Object.entries(fields).filter(([name]) => !ignored.includes(name));
  return createHash('sha1')
    .update(JSON.stringify(Object.fromEntries(said), inOrder))
    .digest('base64');
}

/** Names of fields in their order: equal contents make equal texts. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
