import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A link to a server that can be made slow: what goes through it, either way, arrives later. */
export interface SlowLink {
  readonly port: number;
  /** From now on, ms each way; 0: as fast as it is. */
  delay(ms: number): void;
  /** From now on an answer takes so many times as long as it does; 1: as long as it does. */
  slowdown(times: number): void;
  close(): Promise<void>;
}

/** Opens a link to a port of this machine. */
export async function openSlowLink(target: number): Promise<SlowLink> {
  let delay = 0;
  let times = 1;
  const sockets = new Set<Socket>();
  /** @param wait ms that a message waits which comes now */
  const pass = (from: Socket, to: Socket, wait: () => number) => {
    // In turn, and never by a timer each: timers of different lengths that end together fire in any order.
    let last: Promise<unknown> = Promise.resolve();
    const inTurn = (at: number, act: () => void) => {
      last = last.then(() => (at > Date.now() ? sleep(at - Date.now()) : undefined)).then(act);
    };
    from.on('data', (chunk) => inTurn(Date.now() + wait(), () => !to.destroyed && to.write(chunk)));
    from.on('error', () => to.destroy());
    from.on('close', () => inTurn(0, () => to.destroy()));
    sockets.add(from);
    from.on('close', () => sockets.delete(from));
  };
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    let askedAt = Date.now();
    pass(near, far, () => {
      askedAt = Date.now() + delay;
      return delay;
    });
    pass(far, near, () => delay + (times - 1) * Math.max(0, Date.now() - askedAt));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    delay: (ms) => {
      delay = ms;
    },
    slowdown: (n) => {
      times = n;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
