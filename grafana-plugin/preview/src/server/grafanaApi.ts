import type { FastifyInstance } from 'fastify';
import type { PluginModule } from './pluginModule.ts';
import type { BuiltPlugin } from './pluginRoutes.ts';
import { readDashboards } from './provisioning.ts';
import type { Dashboard, ProvisionedDataSource } from './provisioningSchema.ts';

/** What the page asks the server for. */
export interface GrafanaApiOptions {
  plugin: BuiltPlugin;
  pluginModule: PluginModule;
  dataSources: readonly ProvisionedDataSource[];
  /** The provisioning folder; dashboards are read anew for each request, so that edits show on reload. */
  provisioning: string;
}

/** The few of Grafana's own endpoints that a page with dashboards needs, under Grafana's paths. Secrets stay here. */
export async function grafanaApi(app: FastifyInstance, options: GrafanaApiOptions): Promise<void> {
  const { plugin, pluginModule, dataSources, provisioning } = options;
  const shown = async () => (await readDashboards(provisioning)).filter(asksOnly(dataSources));

  app.get('/api/datasources', async () =>
    dataSources.map(({ uid, name, type, isDefault = false, jsonData = {}, secureJsonData = {} }) => ({
      uid,
      name,
      type,
      isDefault,
      url: `/api/datasources/proxy/uid/${uid}`,
      jsonData,
      secureJsonFields: Object.fromEntries(
        Object.entries(secureJsonData).map(([key, value]) => [key, value !== '']),
      ),
    })),
  );
  app.get('/api/plugins', async () => [
    { id: plugin.id, name: plugin.name, module: await pluginModule.address() },
  ]);
  app.get('/api/search', async () =>
    (await shown()).map(({ uid, title, tags = [] }) => ({
      uid,
      title,
      tags,
      url: `/d/${uid}`,
    })),
  );
  app.get<{ Params: { uid: string } }>('/api/dashboards/uid/:uid', async ({ params }, reply) => {
    const dashboard = (await shown()).find(({ uid }) => uid === params.uid);
    return dashboard ? { dashboard } : reply.code(404).send({ message: 'Dashboard not found' });
  });
}

/** Tells dashboards all of whose panels ask one of these data sources, or none. */
function asksOnly(dataSources: readonly ProvisionedDataSource[]): (dashboard: Dashboard) => boolean {
  const known = new Set(dataSources.map(({ uid }) => uid));
  return ({ panels }) =>
    panels.every(({ datasource }) => datasource === undefined || known.has(datasource.uid));
}
