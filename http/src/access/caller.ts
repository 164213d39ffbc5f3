/** What a key may be good for. A closed list. */
export const SCOPES = {
  read: 'ask the exporter for figures, and scrape it',
  'read:personal': 'the same, and fields that are personal',
  ingest: 'send events to the collector',
  control: 'steer the simulator',
  admin: 'all of these',
} as const;
/** What a key may be good for. */
export type Scope = keyof typeof SCOPES;

/** Who may use a route: everyone, or who has the scope. */
export type Access = 'open' | Scope;

/** Whether a text is a scope. */
export function isScope(text: string): text is Scope {
  return Object.hasOwn(SCOPES, text);
}

/** Who sends a request, and what they may do. */
export interface Caller {
  /** What they are called in logs, metrics and rate limits: the id of a key, never the key. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The shops that they may see, or send events of. */
  readonly shops: ReadonlySet<string> | 'all';
}

/** Who sends a request to a part that asks nobody for a key. */
export const EVERYONE: Caller = {
  name: 'open',
  scopes: new Set(Object.keys(SCOPES) as Scope[]),
  shops: 'all',
};

/** Who sends a request without a key to a part that asks for one. */
export const NOBODY: Caller = { name: 'nobody', scopes: new Set(), shops: new Set() };

/** Scopes that go with another one. */
const INCLUDED: Partial<Record<Scope, readonly Scope[]>> = {
  'read:personal': ['read'],
  admin: ['read', 'read:personal', 'ingest', 'control'],
};

/** Whether a caller has a scope, by itself or with another one. */
export function hasScope({ scopes }: Caller, scope: Scope): boolean {
  return scopes.has(scope) || [...scopes].some((own) => INCLUDED[own]?.includes(scope));
}

/** Whether a caller may see a shop, or send events of it. */
export function mayUseShop({ shops }: Caller, shop: string): boolean {
  return shops === 'all' || shops.has(shop);
}

/** Those of some shops that a caller may see, in their order. */
export function shopsFor<S extends { readonly shop: string }>(
  caller: Caller,
  shops: readonly S[],
): readonly S[] {
  return caller.shops === 'all' ? shops : shops.filter(({ shop }) => mayUseShop(caller, shop));
}
