import { hasScope, NOBODY, type Scope } from '@storepulse/http';
import { closedRoutes, credentialAttacks } from '@storepulse/http/testing/access';
import type { Row } from '../../chaos/row.ts';
import { createAttempts } from '../../chaos/support/attempts.ts';
import { bearer, makeKeys } from '../support/keys.ts';
import { documentedAccess } from '../support/openapi.ts';
import { openParts } from '../support/parts.ts';

/** Other ways to write an address: none of them may be a way in. */
const SPELLINGS: Record<string, (url: string, key: string) => string> = {
  'as it is': (url) => url,
  'percent-encoded': (url) => url.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  'with the key behind ?': (url, key) => `${url}?key=${key}&access_token=${key}`,
  'with a slash more': (url) => `/${url}`,
  'with a slash at its end': (url) => `${url}/`,
  'in capitals': (url) => url.toUpperCase(),
};
/** Nothing of a route that asks for a key: no answer of it, and no other than that a key is needed. */
const REFUSALS = [400, 401, 404, 405];

/** Credentials that are no good, at every route that asks for some, of every part. */
export const access: Row = {
  id: 'S1',
  what: 'every route of every part × 16 bad credentials × 6 spellings of its address, and keys of every other scope',
  figure: 'bypasses 0; OpenAPI tells of each route who may use it',
  repeats: 400,
  small: 400,
  run: async ({ onRepeat }) => {
    const attempts = createAttempts({ onRepeat });
    const keys = await makeKeys();
    await using stack = new AsyncDisposableStack();
    stack.defer(keys.remove);
    const { apps } = stack.use(await openParts({ policy: keys.policy }));
    let bypasses = 0;
    const refuse = (what: string, isRefused: boolean) => {
      if (!isRefused) attempts.fail(what);
      if (!isRefused) bypasses++;
      attempts.counted(1, isRefused ? 1 : 0);
      onRepeat(isRefused ? undefined : what);
    };
    let routes = 0;
    for (const [name, app] of Object.entries(apps)) {
      const told = await documentedAccess(app);
      for (const { method, url, access } of closedRoutes(app)) {
        routes++;
        const address = url.replace(/:\w+/g, 'country');
        for (const [attack, headers] of credentialAttacks(keys.admin, keys))
          for (const [spelling, spell] of Object.entries(SPELLINGS)) {
            const answer = await app.inject({ method, url: spell(address, keys.admin), headers });
            const { statusCode } = answer;
            const isRefused = spelling === 'as it is' ? statusCode === 401 : REFUSALS.includes(statusCode);
            refuse(`${attack} at ${name} ${method} ${url}, ${spelling}: ${statusCode}`, isRefused);
          }
        for (const [scope, key] of keys.byScope) {
          if (mayUse(scope, access)) continue;
          const { statusCode } = await app.inject({ method, url: address, headers: bearer(key) });
          refuse(`scope ${scope} at ${name} ${method} ${url}: ${statusCode}`, statusCode === 403);
        }
        const documented = told?.get(`${method} ${url}`);
        if (documented !== undefined && documented !== access)
          attempts.fail(
            `OpenAPI of ${name} says ${documented} of ${method} ${url}, which asks for ${access}`,
          );
      }
    }
    attempts.figure('routes', routes);
    attempts.figure('bypasses', bypasses);
    return attempts.outcome();
  },
};

const mayUse = (scope: Scope, access: Scope): boolean =>
  hasScope({ ...NOBODY, scopes: new Set([scope]) }, access);
