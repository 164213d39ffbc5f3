import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Caller,
  EVERYONE,
  hasScope,
  mayUseShop,
  NOBODY,
  SCOPES,
  type Scope,
  shopsFor,
} from './caller.ts';

const scopeNames = Object.keys(SCOPES) as Scope[];
const shopName = fc.stringMatching(/^[a-z]{1,3}$/);
const shops = fc.oneof(
  fc.constant('all' as const),
  fc.array(shopName).map((names) => new Set(names)),
);
const caller: fc.Arbitrary<Caller> = fc.record({
  name: fc.constant('key'),
  scopes: fc.subarray(scopeNames).map((scopes) => new Set(scopes)),
  shops,
});
/** What each scope is good for, written out: a table beside the code that follows what goes with what. */
const GOOD_FOR: Record<Scope, readonly Scope[]> = {
  read: ['read'],
  'read:personal': ['read', 'read:personal'],
  ingest: ['ingest'],
  control: ['control'],
  admin: ['read', 'read:personal', 'ingest', 'control', 'admin'],
};

test('a caller may do what one of its scopes is good for, and nothing else', () => {
  fc.assert(
    fc.property(caller, fc.constantFrom(...scopeNames), (who, scope) => {
      const expected = scopeNames.some((own) => who.scopes.has(own) && GOOD_FOR[own].includes(scope));
      assert.equal(hasScope(who, scope), expected);
    }),
  );
});

test('a caller sees the shops that it is bound to, in their order, and no other', () => {
  fc.assert(
    fc.property(caller, fc.array(shopName), (who, names) => {
      const listed = names.map((shop) => ({ shop }));
      const seen = shopsFor(who, listed).map(({ shop }) => shop);
      assert.deepEqual(
        seen,
        names.filter((shop) => who.shops === 'all' || [...who.shops].some((own) => own === shop)),
      );
      for (const shop of names) assert.equal(mayUseShop(who, shop), seen.includes(shop));
    }),
  );
});

test('an open part lets everyone do everything; nobody may do nothing', () => {
  for (const scope of scopeNames) {
    assert.equal(hasScope(EVERYONE, scope), true);
    assert.equal(hasScope(NOBODY, scope), false);
  }
  assert.equal(mayUseShop(EVERYONE, 'any'), true);
  assert.equal(mayUseShop(NOBODY, 'any'), false);
});
