import replyFrom from '@fastify/reply-from';
import type { FastifyInstance } from 'fastify';
import type { BuiltPlugin, ProxyTarget } from './pluginRoutes.ts';
import type { ProvisionedDataSource } from './provisioningSchema.ts';

/** What the proxy stands between. */
export interface DataProxyOptions {
  plugin: BuiltPlugin;
  dataSources: readonly ProvisionedDataSource[];
}

/** Grafana waits this long for an upstream's headers. */
const HEADERS_TIMEOUT_MS = 30_000;

/**
 * Stands in for Grafana's data proxy: `/api/datasources/proxy/uid/<uid>/<path>` goes where the plugin's routes say,
 * with the secrets that the browser never sees. Answers are streamed, and changed as Grafana changes them: an
 * upstream's 401 becomes 400, an unreachable upstream 502 and a slow one 504, both without a body.
 */
export async function dataProxy(
  app: FastifyInstance,
  { plugin, dataSources }: DataProxyOptions,
): Promise<void> {
  await app.register(replyFrom, { undici: { headersTimeout: HEADERS_TIMEOUT_MS, bodyTimeout: 0 } });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  app.route<{ Params: { uid: string; '*': string } }>({
    method: ['GET', 'POST'],
    url: '/api/datasources/proxy/uid/:uid/*',
    handler: (request, reply) => {
      const source = dataSources.find(({ uid }) => uid === request.params.uid);
      if (!source) return reply.code(404).send({ message: 'Data source not found' });
      // Fastify decodes the path once; what came escaped has to stay so.
      const path = request.raw.url!.split('?', 1)[0]!.split('/').slice(6).join('/');
      const target = source.url === undefined ? plugin.target(source, path) : toPrometheus(source.url, path);
      if (!target) return reply.code(404).send({ message: 'No route of the data source has this path' });
      return reply.from(target.url, {
        rewriteRequestHeaders: (_request, { cookie: _cookie, origin: _origin, ...headers }) => ({
          ...headers,
          ...target.headers,
        }),
        onResponse: (_request, answer, upstream) => {
          if (upstream.statusCode === 401) {
            upstream.stream.resume();
            answer.removeHeader('content-length');
            return answer.code(400).send({ message: 'Authentication to data source failed' });
          }
          return answer.send(upstream.stream);
        },
        onError: (answer, { error }) => answer.code(isTimeout(error) ? 504 : 502).send(),
      });
    },
  });
}

/** What panels ask Prometheus; Grafana passes on its whole interface. */
const PROMETHEUS_PATHS = ['api/v1/query', 'api/v1/query_range'];

function toPrometheus(url: string, path: string): ProxyTarget | undefined {
  return PROMETHEUS_PATHS.includes(path) ? { url: `${url}/${path}`, headers: {} } : undefined;
}

function isTimeout(error: Error): boolean {
  return (error as { statusCode?: number }).statusCode === 504;
}
