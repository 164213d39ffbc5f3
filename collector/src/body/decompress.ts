import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CollectorError } from '../errors.ts';

const gunzipped = promisify(gunzip);

/**
 * The body as it was before its `Content-Encoding`.
 * @param most bytes that it may have then
 * @throws {CollectorError} `body_too_large`, `invalid_encoding`, or `unsupported_media_type` for an encoding that is not taken
 */
export async function decompress(body: Buffer, encoding: string | undefined, most: number): Promise<Buffer> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity') return body;
  if (name !== 'gzip') {
    throw new CollectorError(
      'unsupported_media_type',
      'content-encoding may be gzip, or left out: send the body so',
    );
  }
  try {
    return await gunzipped(body, { maxOutputLength: most });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(most, error);
    throw new CollectorError('invalid_encoding', 'content-encoding is gzip, and the body is not', {
      cause: error,
    });
  }
}

/** A body that has more bytes than it may have. */
export function tooLarge(most: number, cause?: unknown): CollectorError {
  return new CollectorError(
    'body_too_large',
    `a body may have ${most} bytes, after decompression too: send fewer events at once`,
    { cause },
  );
}
