import { foreignHosts } from '@storepulse/contracts';
import { HttpError } from '../errors.ts';
import { MAX_ADDRESS_BYTES } from './problems.ts';
import type { App } from './types.ts';

/**
 * On a loopback address, refuses requests for other hosts than this machine. Register before routes.
 * @param part its name, for the message
 * @param listensOn the address that is listened on
 * @param also further names that requests may have as `Host`
 */
export function refuseForeignHosts(app: App, part: string, listensOn: string, also: readonly string[]): void {
  const foreign = foreignHosts(listensOn, also);
  app.addHook('onRequest', async ({ headers }) => {
    const name = foreign(headers.host);
    if (name === undefined) return;
    throw new HttpError(
      'wrong_host',
      `this ${part} listens on ${listensOn}, and the request is for "${name}": use http://127.0.0.1 or http://localhost, or name the host in ${part.toUpperCase()}_ALSO_HOSTS`,
    );
  });
}

/**
 * Refuses addresses that are longer than any of ours. Register before routes.
 * @param instead what to do
 */
export function refuseLongAddresses(
  app: App,
  instead = `an address may have ${MAX_ADDRESS_BYTES} bytes`,
): void {
  app.addHook('onRequest', async ({ raw }) => {
    if ((raw.url?.length ?? 0) > MAX_ADDRESS_BYTES) throw new HttpError('address_too_long', instead);
  });
}
