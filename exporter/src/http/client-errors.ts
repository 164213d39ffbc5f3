import type { Socket } from 'node:net';
import { problemAnswer, problemOf } from '@storepulse/contracts';
import { ERRORS, type ErrorCode } from '../errors.ts';

/** Bytes of a request's address: longer ones are refused. */
export const MAX_ADDRESS_BYTES = 8_192;
/** Bytes of a request's address and headers together. */
export const MAX_HEADER_BYTES = 32_768;
/** How long a request may take to arrive, ms: its headers, and with its body. */
export const ARRIVAL_MS = { headers: 10_000, whole: 15_000 } as const;

/** What Node's HTTP server tells of a request that it could not read: `rawPacket` are the last bytes that arrived. */
type ClientError = Error & { readonly code?: string; readonly rawPacket?: unknown };

/** Answers a request that could not even be read, such as one with a body that never ends, with a problem. */
export function answerClientError(error: ClientError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { code, detail } = describe(error);
  socket.end(problemAnswer(problemOf(ERRORS, code, detail)));
  // A client that goes on sending would hold the connection half open.
  socket.destroySoon();
}

function describe({ code, rawPacket }: ClientError): { code: ErrorCode; detail: string } {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        code: 'request_timeout',
        detail: `headers must arrive within ${ARRIVAL_MS.headers / 1_000} s, the whole request within ${ARRIVAL_MS.whole / 1_000} s`,
      };
    case 'HPE_HEADER_OVERFLOW':
      return isAddressTooLong(rawPacket)
        ? { code: 'address_too_long', detail: addressTooLong }
        : {
            code: 'headers_too_large',
            detail: `address and headers may have ${MAX_HEADER_BYTES} bytes together`,
          };
    default:
      return { code: 'invalid_request', detail: 'this is no HTTP request that can be read' };
  }
}

/** What is said of an address that is too long. */
export const addressTooLong = `an address may have ${MAX_ADDRESS_BYTES} bytes: send filters in the body of POST /api/v1/query`;

function isAddressTooLong(packet: unknown): boolean {
  if (!Buffer.isBuffer(packet)) return false;
  const end = packet.indexOf('\r\n');
  return end < 0 || end > MAX_ADDRESS_BYTES;
}
