import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

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
    let last = 0;
    from.on('data', (chunk) => {
      // Never before what came earlier, also when the delay has just been taken away.
      last = Math.max(last, Date.now() + wait());
      setTimeout(() => !to.destroyed && to.write(chunk), last - Date.now());
    });
    from.on('error', () => to.destroy());
    from.on('close', () => setTimeout(() => to.destroy(), Math.max(0, last - Date.now())));
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
