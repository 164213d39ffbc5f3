import { foreignHosts } from '@storepulse/contracts/own-hosts';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { readAssets } from './assets.ts';
import { dataProxy } from './dataProxy.ts';
import { grafanaApi } from './grafanaApi.ts';
import { renderPage, UNBUILT_PAGE } from './page.ts';
import type { PreviewPaths } from './paths.ts';
import { servePluginModule } from './pluginModule.ts';
import { readBuiltPlugin } from './pluginRoutes.ts';
import { readDataSources } from './provisioning.ts';
import { checkReadiness } from './readiness.ts';
import type { PreviewSettings } from './settings.ts';
import { serveFiles } from './staticFiles.ts';

/** What the server is made of. */
export interface ServerOptions {
  paths: PreviewPaths;
  exporter: PreviewSettings['exporter'];
  simulator: PreviewSettings['simulator'];
  /** @default none, and no dashboard that asks it */
  prometheus?: PreviewSettings['prometheus'];
  logger: Logger;
  /** The address that is listened on. @default 127.0.0.1 */
  host?: string;
  /** Further names that requests may have as `Host` on a loopback address. @default none */
  alsoHosts?: readonly string[];
}

/** Addresses within the page: all of them answer the same HTML. */
const PAGES = ['/', '/dashboards', '/d/:uid', '/d/:uid/:slug', '/explore', '/editor'];

/**
 * Makes the preview's server: the page, the built plugin, Grafana's data proxy and the few of its endpoints that the
 * page uses. It does not listen yet.
 * @throws {PreviewError} when the plugin is not built or a provisioning file does not fit
 */
export async function createServer({
  paths,
  exporter,
  simulator,
  prometheus,
  logger,
  host = '127.0.0.1',
  alsoHosts = [],
}: ServerOptions): Promise<FastifyInstance> {
  const plugin = await readBuiltPlugin(paths.plugin);
  const provisioned = await readDataSources(paths.provisioning, {
    EXPORTER_URL: exporter.url.replace(/\/+$/, ''),
    EXPORTER_API_KEY: exporter.apiKey,
    PROMETHEUS_URL: prometheus?.url.replace(/\/+$/, ''),
  });
  const dataSources = provisioned.filter(({ url }) => url !== '');

  const app = Fastify({ forceCloseConnections: true });
  app.setErrorHandler((error, request, reply) => {
    logger.error({ err: error, url: request.url }, 'request failed');
    return reply.code(500).send({ message: error instanceof Error ? error.message : String(error) });
  });

  // The data proxy has a key of the exporter: no page of the Internet may use it through a reader's browser.
  const foreign = foreignHosts(host, alsoHosts);
  app.addHook('onRequest', async (request, reply) => {
    const name = foreign(request.headers.host);
    if (name === undefined) return;
    const message = `This preview listens on ${host}, and the request is for "${name}": use http://127.0.0.1 or http://localhost, or name the host in PREVIEW_ALSO_HOSTS`;
    return reply.code(421).send({ message });
  });

  app.get('/-/healthy', async () => ({ status: 'ok' }));
  app.get('/-/ready', async (_request, reply) => {
    const readiness = await checkReadiness(paths, exporter.url);
    return reply.code(readiness.ready ? 200 : 503).send(readiness);
  });
  const pluginModule = servePluginModule(app, plugin.id, paths.plugin);
  for (const url of PAGES) {
    app.get(url, async (_request, reply) => {
      const assets = await readAssets(paths.host);
      // It names the files of the last build, so it is asked for anew each time.
      reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache');
      if (!assets) return reply.code(503).send(UNBUILT_PAGE);
      return reply.send(renderPage(assets, await pluginModule.address()));
    });
  }

  // The page does not know where the simulator is.
  app.get('/simulator', (_request, reply) => reply.redirect(simulator.url));

  await serveFiles(app, plugin.id, paths);
  await app.register(grafanaApi, { plugin, pluginModule, dataSources, provisioning: paths.provisioning });
  await app.register(dataProxy, { plugin, dataSources });
  return app;
}
