import { HTTP_ERRORS, HttpError } from '@storepulse/http';
import type { FastifyError } from 'fastify';
import { PROFILE_NAMES } from '../load/profile.ts';

/** Everything that can be wrong with a request to the control interface. A closed list. */
export const ERRORS = {
  ...HTTP_ERRORS,
  stopped: { status: 409, title: 'The run has ended' },
  unknown_shop: { status: 404, title: 'No such shop' },
} as const satisfies Record<string, { status: number; title: string }>;

/** What is wrong with a request, for programs. */
export type ErrorCode = keyof typeof ERRORS;

/** A request that is understood and not done: its sender is told why. */
export class Refusal extends HttpError<ErrorCode> {
  override readonly name = 'Refusal';
}

/** What does not fit, with the values that would where there is a list of them. */
export function explain({ message, validation = [], validationContext: part }: FastifyError): string {
  const [first] = validation;
  if (validation.some(({ keyword }) => keyword === 'anyOf')) {
    // Each alternative has its complaint: the one that came furthest into the request is of the one that was meant.
    const [meant] = [...validation].sort((a, b) => b.instancePath.length - a.instancePath.length);
    return `${part}${meant!.instancePath} ${meant!.message}`;
  }
  if (first?.keyword === 'enum') return `${message}: ${(first.params.allowedValues as string[]).join(', ')}`;
  if (first?.keyword === 'discriminator') return `profile must be one of: ${PROFILE_NAMES.join(', ')}`;
  return message;
}
