import { MongoClient, type MongoClientOptions } from 'mongodb';
import { Connection } from 'mongodb/lib/cmap/connection.js';
import { mongoConnection } from './mongo-connection.ts';
import type { MongoSettings } from './settings.ts';

/**
 * Makes a client as all parts have it, see `mongoConnection`; it connects at its first use.
 * @param options what else it is made with; they go over those of all parts
 * @throws the driver's error when the connection string can't be used
 */
export function mongoClient(settings: Pick<MongoSettings, 'uri'>, options: MongoClientOptions): MongoClient {
  const connection = mongoConnection(settings);
  return new MongoClient(connection.uri, { ...connection.options, ...options });
}

const { cleanup } = Connection.prototype;
/**
 * Lets a command fail whose connection closes while it is sent, so that the driver sends it again. Driver 7.8 waits for ever
 * then: a closed socket takes nothing, and it never says that there is room. Connections close at any time, such as when a primary
 * steps down.
 */
Connection.prototype.cleanup = function (this: Connection, error: Error) {
  if (!this.closed) {
    // For what waits for room already.
    this.socket.destroy(error);
    this.socket.write = () => {
      throw error;
    };
  }
  cleanup.call(this, error);
};
