import { type NetConnectOpts, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Ports of this machine, and the port that is connected to in the place of each. */
export type Redirects = Readonly<Record<number, number>>;

const VARIABLE = 'CHAOS_REDIRECTS';
/** Sockets that go where they are told. */
const direct = new WeakSet<Socket>();

/** Connects to a port of this machine past every redirect: links end there, and must not lead into each other. */
export function connectDirectly(port: number): Socket {
  const socket = new Socket();
  direct.add(socket);
  return socket.connect(port, '127.0.0.1');
}

/**
 * The environment of a process whose connections are to go through links. Servers of a cluster tell their clients
 * where they are, so that an address in a setting alone would not lead a client through a link.
 */
export function redirected(redirects: Redirects): Record<string, string> {
  return {
    NODE_OPTIONS: `--import=${fileURLToPath(import.meta.url)}`,
    [VARIABLE]: JSON.stringify(redirects),
  };
}

/**
 * Redirects every connection that this process opens from now on.
 * @returns ends it; open connections stay as they are
 */
export function redirectConnections(redirects: Redirects): () => void {
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    // Node's own functions hand their arguments over as one list.
    const list = Array.isArray(args[0]) ? args[0] : args;
    const options = list[0] as NetConnectOpts;
    if (!direct.has(this) && typeof options === 'object' && 'port' in options) {
      const port = redirects[Number(options.port)];
      if (port !== undefined) list[0] = { ...options, port };
    }
    return Reflect.apply(connect, this, args);
  } as Socket['connect'];
  return () => {
    Socket.prototype.connect = connect;
  };
}

const told = process.env[VARIABLE];
if (told !== undefined) redirectConnections(JSON.parse(told) as Redirects);
