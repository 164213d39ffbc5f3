const CODES: readonly unknown[] = ['EPIPE', 'ECONNRESET'];

/**
 * Whether an error is a socket's own: the connection is gone, and what was asked can be asked again. MongoDB's driver
 * (7.8) wraps such errors, except one of a write to a connection that the server ended just before.
 */
export function isSocketError(error: unknown): boolean {
  return error instanceof Error && CODES.includes((error as NodeJS.ErrnoException).code);
}
