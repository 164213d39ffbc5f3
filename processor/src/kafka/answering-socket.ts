import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

/** A broker that leaves a request unanswered for so long, in ms, counts as gone. To join a group takes 10 s at most. */
export const SILENT_MS = 12_000;
/** As kafkajs has it. */
const KEEP_ALIVE_MS = 60_000;

/**
 * The sockets of kafkajs (2.2.4), but that one ends on which a broker does not answer. kafkajs itself gives up a request
 * that takes too long, and sends the next one on the same connection: on one that has died without a word, for ever.
 * With it end all on which nothing was heard or asked since, whatever broker they lead to: a network that dies without a
 * word takes many connections, and each would cost the next request as much again. To end an idle one costs a connect.
 * @param silentMs how long an answer is waited for. @default 12 s
 */
export function answeringSockets(silentMs = SILENT_MS): ISocketFactory {
  const sockets = new Map<Socket, Use>();
  const endSilentSince = (asked: number) => {
    for (const [socket, { at }] of sockets) {
      if (at <= asked) socket.destroy(new Error(`the broker has not answered for ${silentMs / 1_000} s`));
    }
  };
  return ({ host, port, ssl, onConnect }) => {
    const socket = ssl
      ? connectSecurely({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
      : connect({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    const use = { at: performance.now() };
    sockets.set(socket, use);
    socket.on('close', () => sockets.delete(socket));
    watchAnswers(socket, use, () => setTimeout(endSilentSince, silentMs, use.at).unref());
    return socket;
  };
}

/** When something was heard last on a connection, or the request was sent that waits there; by `performance.now()`. */
interface Use {
  at: number;
}

/** Keeps `use`, and a timer from a request until something is heard. */
function watchAnswers(socket: Socket, use: Use, startWaiting: () => NodeJS.Timeout): void {
  let waiting: NodeJS.Timeout | undefined;
  const stopWaiting = () => {
    clearTimeout(waiting);
    waiting = undefined;
  };
  const { write } = socket;
  socket.write = ((...args: Parameters<Socket['write']>) => {
    if (!waiting) {
      use.at = performance.now();
      waiting = startWaiting();
    }
    return Reflect.apply(write, socket, args);
  }) as Socket['write'];
  socket.on('data', () => {
    use.at = performance.now();
    stopWaiting();
  });
  socket.on('close', stopWaiting);
}
