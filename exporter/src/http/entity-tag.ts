import { createHash } from 'node:crypto';
import { Type } from 'typebox';

/** The answer to who has it already: nothing, not even a `null` whose length would be told. */
export const NotModified = Type.Unsafe<undefined>(
  Type.Null({ description: 'what `If-None-Match` names is still the answer' }),
);

const TAG_LENGTH = 22;

/** A weak tag of a content (RFC 9110): contents that say the same have the same. */
export function entityTag(...pieces: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece).update('\0');
  return `W/"${hash.digest('base64url').slice(0, TAG_LENGTH)}"`;
}

/** Whether the header `If-None-Match` names a tag, or any. */
export function isKnownTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = (text: string) => text.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((each) => opaque(each) === '*' || opaque(each) === opaque(tag));
}
