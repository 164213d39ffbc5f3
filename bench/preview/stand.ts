import { catalog } from '@storepulse/contracts';
import { createApp } from '@storepulse/exporter/app';
import { createServer } from '@storepulse/preview/server/createServer';
import { repositoryPaths } from '@storepulse/preview/server/paths';
import pino from 'pino';
import { filledShop } from './shop.ts';

/** A preview in front of an exporter, both in this process. */
export interface Stand {
  /** Address of the preview. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a preview of the built plugin and page, in front of an exporter that reads a filled shop in memory. @param port @default any free one */
export async function startStand(port = 0): Promise<Stand> {
  const log = pino({ level: 'silent' });
  const exporter = await createApp({ store: filledShop(), catalog, log, version: '0.0.0' });
  const url = await exporter.listen({ host: '127.0.0.1', port: 0 });
  const preview = await createServer({
    paths: repositoryPaths(),
    exporter: { url, apiKey: '' },
    // Nothing listens at port 9, and nobody follows the link.
    simulator: { url: 'http://127.0.0.1:9' },
    logger: log,
  });
  return {
    url: await preview.listen({ host: '127.0.0.1', port }),
    stop: async () => {
      await preview.close();
      await exporter.close();
    },
  };
}
