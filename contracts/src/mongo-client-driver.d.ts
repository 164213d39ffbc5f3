// The driver's own module, which it does not describe: see mongo-client.ts.
declare module 'mongodb/lib/cmap/connection.js' {
  export class Connection {
    constructor(stream: import('node:net').Socket, options: object);
    readonly closed: boolean;
    readonly socket: import('node:net').Socket;
    cleanup(error: Error): void;
    command(namespace: object, command: object, options: object): Promise<unknown>;
    destroy(): void;
  }
}
