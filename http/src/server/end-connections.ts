import type { App } from './types.ts';

/**
 * Ends the connections of requests that are under way when the server closes, once they are answered. Node ends those that are idle by then, and
 * keeps the others for further requests, up to 72 s: a part that is asked every few seconds would not end in time.
 */
export function endConnections(app: App): void {
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onResponse', async () => {
    // The connection becomes idle after this.
    if (isClosing) setImmediate(() => app.server.closeIdleConnections());
  });
}
