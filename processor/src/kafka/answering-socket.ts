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
 * @param silentMs how long an answer is waited for. @default 12 s
 */
export function answeringSockets(silentMs = SILENT_MS): ISocketFactory {
  return ({ host, port, ssl, onConnect }) => {
    const socket = ssl
      ? connectSecurely({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
      : connect({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    endWhenSilent(socket, silentMs);
    return socket;
  };
}

function endWhenSilent(socket: Socket, silentMs: number): void {
  let waiting: NodeJS.Timeout | undefined;
  const stopWaiting = () => {
    clearTimeout(waiting);
    waiting = undefined;
  };
  const { write } = socket;
  socket.write = ((...args: Parameters<Socket['write']>) => {
    waiting ??= setTimeout(() => {
      socket.destroy(new Error(`the broker has not answered for ${silentMs / 1_000} s`));
    }, silentMs).unref();
    return Reflect.apply(write, socket, args);
  }) as Socket['write'];
  socket.on('data', stopWaiting);
  socket.on('close', stopWaiting);
}
