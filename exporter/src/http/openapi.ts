import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { accessInOpenApi } from '@storepulse/http';
import type { App } from './type-provider.ts';

/** Where the pages of the API's documentation are. Their routes are the plugin's own. */
export const DOCS_PATH = '/api/docs';

/** Serves the OpenAPI document made from the routes' schemas, and a page to read and try it. Register before routes. */
export async function useOpenApi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      components: accessInOpenApi.components,
      info: {
        title: 'Storepulse exporter',
        description: "Reads the shops' metrics. Every error is a problem after RFC 9457 with a stable code.",
        version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'query', description: 'Metrics as data frames' },
        { name: 'records', description: 'Orders, customers, products and reviews' },
        { name: 'live', description: 'What changes, while it does' },
        { name: 'operation', description: 'For monitoring' },
      ],
    },
    transform: accessInOpenApi.transform,
  });
  await app.register(swaggerUi, { routePrefix: DOCS_PATH });
  app.get('/api/v1/openapi.json', { config: { access: 'open' }, schema: { hide: true } }, async () =>
    app.swagger(),
  );
}
