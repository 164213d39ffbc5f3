import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openPolicy, type Policy } from '@storepulse/http';
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import pino from 'pino';

const AUDIENCE = 'storepulse';
const KEY_ID = 'first';

/** An issuer of tokens, which may misbehave. */
export interface Issuer extends AsyncDisposable {
  readonly url: string;
  /** Addresses that it was asked for. */
  readonly asked: readonly string[];
  /** Answers every request instead. */
  answerWith(answer: (request: IncomingMessage, response: ServerResponse) => void): void;
  /** A policy that takes its tokens, as of a part that has just started. */
  policy(): Policy;
  /** A good token of a reader of all shops, but for what is given. */
  token(options?: TokenOptions): Promise<string>;
  readonly publicJwk: object;
}

/** What is different in a token. */
export interface TokenOptions {
  readonly claims?: JWTPayload;
  readonly header?: Partial<JWTHeaderParameters>;
  /** Signed by somebody else. @default false */
  readonly isForeign?: boolean;
}

/** Starts one. */
export async function startIssuer(): Promise<Issuer> {
  const [own, foreign] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')];
  const publicJwk = { ...(await exportJWK(own.publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' };
  const asked: string[] = [];
  let answer = (_request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [publicJwk] }));
  };
  const server = createServer((request, response) => {
    asked.push(request.url!);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const log = pino({ level: 'silent' });
  return {
    ...{ url, asked, publicJwk },
    answerWith: (other) => {
      answer = other;
    },
    policy: () =>
      openPolicy(
        {
          ...{ host: '127.0.0.1', named: { keys: [], scope: 'read' } },
          ...{ oidcIssuer: url, oidcAudience: AUDIENCE, oidcJwksUrl: `${url}/keys` },
        },
        log,
      ),
    token: ({ claims = {}, header = {}, isForeign = false } = {}) => {
      const now = Math.floor(Date.now() / 1_000);
      return new SignJWT({
        ...{
          iss: url,
          aud: AUDIENCE,
          sub: 'ann',
          iat: now,
          exp: now + 600,
          scope: 'storepulse:read',
          shops: '*',
        },
        ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', kid: KEY_ID, ...header })
        .sign(isForeign ? foreign.privateKey : own.privateKey);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A token that nobody has signed, or with a text. */
export function forgedToken(header: object, claims: object, signature = 'AAAA'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.${signature}`;
}
