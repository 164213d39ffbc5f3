import type { MongoSettings } from './settings.ts';

/** What all parts ask of MongoDB, whatever the connection string says. */
export const MONGO_PROTOCOL = {
  /** A secondary may lag: a state that is read of it would be written back without what came since. */
  readPreference: 'primary',
  /** What was read can't be rolled back. */
  readConcern: { level: 'majority' },
  /** What was acknowledged can't be rolled back, nor be lost with all members at once. */
  writeConcern: { w: 'majority', journal: true },
  retryReads: true,
  retryWrites: true,
} as const;

/**
 * How soon a client notices a server that has gone without a word, in ms; a connection string may say otherwise. A server
 * tells of itself at least every `heartbeatFrequencyMS`. Silent for `connectTimeoutMS` more, it counts as gone: all its
 * connections are closed, and what waits on them is tried again. By default that takes 40 s.
 */
export const MONGO_TIMES = { connectTimeoutMS: 6_000, heartbeatFrequencyMS: 2_000 } as const;

/** The options of a connection string, in lower case, that would change what the protocol asks for. */
const OVERRULED: ReadonlySet<string> = new Set([
  'readpreference',
  'readpreferencetags',
  'maxstalenessseconds',
  'readconcernlevel',
  'w',
  'wtimeout',
  'wtimeoutms',
  'j',
  'journal',
  'fsync',
  'safe',
  'retryreads',
  'retrywrites',
]);

/** How a client is made. */
export interface MongoConnection {
  /** The connection string without the options that the protocol decides. */
  readonly uri: string;
  readonly options: typeof MONGO_PROTOCOL & Partial<typeof MONGO_TIMES>;
  /** The options that were left out because they ask for something else, as `name=value`. */
  readonly overruled: readonly string[];
}

/**
 * Turns the settings into what a client is made from. Options of the connection string that contradict the protocol, such
 * as `readPreference=secondary`, are left out: in a client they would go over the options that the program gives.
 */
export function mongoConnection({ uri }: Pick<MongoSettings, 'uri'>): MongoConnection {
  const at = uri.indexOf('?');
  if (at === -1) return { uri, options: { ...MONGO_PROTOCOL, ...MONGO_TIMES }, overruled: [] };
  const all = uri
    .slice(at + 1)
    .split('&')
    .map((text) => ({ text, name: text.split('=', 1)[0]!.toLowerCase() }));
  const decided = all.filter(({ name }) => OVERRULED.has(name));
  const kept = all.filter(({ name }) => !OVERRULED.has(name)).map(({ text }) => text);
  return {
    uri: kept.length > 0 ? `${uri.slice(0, at)}?${kept.join('&')}` : uri.slice(0, at),
    options: { ...MONGO_PROTOCOL, ...timesBeside(all.map(({ name }) => name)) },
    overruled: decided.filter((option) => !saysTheSame(option)).map(({ text }) => text),
  };
}

/** Our times, but for those that a connection string sets: a client would let ours go over them. */
function timesBeside(named: readonly string[]): Partial<typeof MONGO_TIMES> {
  return Object.fromEntries(
    Object.entries(MONGO_TIMES).filter(([name]) => !named.includes(name.toLowerCase())),
  );
}

/** Options that ask for what is done anyway. */
const SAME: ReadonlySet<string> = new Set([
  'readpreference=primary',
  'readconcernlevel=majority',
  'w=majority',
  'j=true',
  'journal=true',
  'retryreads=true',
  'retrywrites=true',
]);
const saysTheSame = ({ text }: { text: string }) => SAME.has(text.toLowerCase());
