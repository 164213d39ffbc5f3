import { createHash } from 'node:crypto';
import type { FactCollection } from '@storepulse/contracts';
import { PERSONAL_FIELDS } from '../erasure/clear.ts';
import type { AsSold } from './facts.ts';

/** What is stored beside what the event says. */
const DERIVED: readonly (keyof AsSold)[] = ['discountsAsSold', 'discountAsSold'];

/**
 * A digest of what a fact says, by which one that is told again is compared with the stored one. It goes by the stored
 * fields, in any order, but for the event's own id, which a retry may make anew, for what is personal, which an erasure
 * has cleared, and for what the event did not say.
 */
export function contentOf(collection: FactCollection, fields: Readonly<Record<string, unknown>>): string {
  const ignored = ['eventId', ...PERSONAL_FIELDS.get(collection)!, ...DERIVED];
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
