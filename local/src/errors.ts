import { CodedError } from '@storepulse/contracts/coded-error';

/** Why the local stack could not do what was asked. The list is closed. */
export type LocalErrorCode =
  | 'program_missing'
  | 'program_unusable'
  | 'port_taken'
  | 'start_failed'
  | 'already_running'
  | 'not_running'
  | 'access_missing'
  | 'confirmation_missing'
  | 'build_failed'
  | 'no_tests'
  | 'not_quiet'
  | 'plugin_unsound'
  | 'platform_unsupported';

/** A fault that its reader can act on: the message says what happened, where, and what to do. */
export class LocalError extends CodedError<LocalErrorCode> {
  override readonly name = 'LocalError';
}

/** The message of anything that was thrown, for use inside another message. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch() says only "fetch failed"; the reason is in its cause.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
