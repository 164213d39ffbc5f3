import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectDirectly } from '../../support/redirect.ts';

/** The direction of a link: to the server, from it, or both. */
export type Way = 'there' | 'back' | 'both';

/** A link to a server that can be made slow, silent, or broken. */
export interface Link {
  readonly port: number;
  /** From now on each message arrives so many ms later, in each direction; 0: at once. */
  delay(ms: number): void;
  /** From now on an answer takes so many times as long as it does; 1: as long as it does. */
  slowdown(times: number): void;
  /**
   * From now on nothing passes in this direction. Nobody is told: connections stay open, and new ones are accepted and
   * silent, so that a client can rely on its own time-outs alone.
   */
  cut(way: Way): void;
  /** The connections there are pass nothing any more, ever, and nobody is told; new ones are as they should be. */
  forget(): void;
  /** Resets all connections, and from now on every new one. */
  reset(): void;
  /** Ends a cut or a reset; what a cut held back is delivered. */
  heal(): void;
  close(): Promise<void>;
}

/** Opens a link to a port of this machine. */
export async function openLink(target: number): Promise<Link> {
  let delay = 0;
  let times = 1;
  let resetting = false;
  /** Connections that began before the latest `forget` are forgotten. */
  let generation = 0;
  const sockets = new Set<Socket>();
  const there = createGate();
  const back = createGate();
  /** @param wait ms that a message waits which comes now */
  const pass = (from: Socket, to: Socket, gate: Gate, wait: () => number) => {
    const born = generation;
    // In turn, and never by a timer each: timers of different lengths that end together fire in any order.
    let last: Promise<unknown> = Promise.resolve();
    const inTurn = (at: number, act: () => void) => {
      last = last
        .then(() => (at > Date.now() ? sleep(at - Date.now()) : undefined))
        .then(() => gate.opened())
        .then(() => born === generation && act());
    };
    from.on('data', (chunk) => inTurn(Date.now() + wait(), () => !to.destroyed && to.write(chunk)));
    from.on('error', () => inTurn(0, () => to.destroy()));
    from.on('close', () => inTurn(0, () => to.destroy()));
    sockets.add(from);
    from.on('close', () => sockets.delete(from));
  };
  const server = createServer((near) => {
    if (resetting) {
      near.on('error', () => undefined);
      near.resetAndDestroy();
      return;
    }
    const far = connectDirectly(target);
    let askedAt = Date.now();
    pass(near, far, there, () => {
      askedAt = Date.now() + delay;
      return delay;
    });
    pass(far, near, back, () => delay + (times - 1) * Math.max(0, Date.now() - askedAt));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const heal = () => {
    resetting = false;
    there.open();
    back.open();
  };
  return {
    port: (server.address() as AddressInfo).port,
    delay: (ms) => {
      delay = ms;
    },
    slowdown: (n) => {
      times = n;
    },
    cut: (way) => {
      if (way !== 'back') there.shut();
      if (way !== 'there') back.shut();
    },
    forget: () => {
      generation += 1;
    },
    reset: () => {
      resetting = true;
      for (const socket of sockets) socket.resetAndDestroy();
    },
    heal,
    close: async () => {
      heal();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Gate {
  shut(): void;
  open(): void;
  /** Resolves once it is open. */
  opened(): Promise<void> | undefined;
}

function createGate(): Gate {
  let shut: PromiseWithResolvers<void> | undefined;
  return {
    shut: () => {
      shut ??= Promise.withResolvers();
    },
    open: () => {
      shut?.resolve();
      shut = undefined;
    },
    opened: () => shut?.promise,
  };
}
