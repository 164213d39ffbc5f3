import { isIP } from 'node:net';

/** Whether a host is this machine alone. */
export function isLoopback(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  return isIP(name) === 4 ? name.startsWith('127.') : name === '::1';
}

/**
 * Tells which requests to a server are for another host. A server on a loopback address must refuse them: a page of the
 * Internet whose name leads to 127.0.0.1 (DNS rebinding) could reach it through the reader's browser otherwise.
 * @param listensOn the address that is listened on; elsewhere than on a loopback address no host is foreign
 * @param also further names that requests may have as `Host`
 * @returns the foreign host of a `Host` header, undefined when it is ours
 */
export function foreignHosts(
  listensOn: string,
  also: readonly string[],
): (header: string | undefined) => string | undefined {
  if (!isLoopback(listensOn)) return () => undefined;
  const names = new Set([listensOn, ...also].map((name) => name.toLowerCase()));
  return (header) => {
    if (header === undefined) return undefined;
    const name = hostName(header);
    return names.has(name) || isLoopback(name) ? undefined : name;
  };
}

/** The host of a `Host` header, without its port and the brackets of IPv6. */
function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(host);
  return (bracketed?.[1] ?? host.replace(/:\d*$/, '')).toLowerCase().replace(/\.$/, '');
}
