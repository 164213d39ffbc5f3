/** What is used here of a connection of MongoDB's driver. */
export interface DriverConnection {
  readonly closed: boolean;
  readonly socket: { destroy(error: Error): unknown; write(bytes: Uint8Array): boolean };
  /** Called with what ended the connection. */
  cleanup(error: Error): void;
}

const mended = new WeakSet<DriverConnection>();

/**
 * Lets a command fail whose connection closes while it is sent, so that the driver sends it again. Driver 7.8 waits for ever
 * then: a closed socket takes nothing, and it never says that there is room. Connections close at any time, such as when a primary
 * steps down.
 * @param connection the prototype of the driver's connections; changed once, however often it is given
 */
export function failSendsOfClosed(connection: DriverConnection): void {
  if (mended.has(connection)) return;
  mended.add(connection);
  const { cleanup } = connection;
  connection.cleanup = function (this: DriverConnection, error: Error) {
    if (!this.closed) {
      // For what waits for room already.
      this.socket.destroy(error);
      this.socket.write = () => {
        throw error;
      };
    }
    cleanup.call(this, error);
  };
}
