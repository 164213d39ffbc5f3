import {
  type DataSourceApi,
  type DataSourceInstanceSettings,
  type DataSourcePlugin,
  PluginType,
} from '@grafana/data';
import { type DataSourceListItem, listDataSources, listPlugins, type PluginListItem } from '../api.ts';
import type { LoadedDataSource } from './dataSourceSrv.ts';
import { loadDataSourcePlugin } from './loadPlugin.ts';
import { PrometheusDataSource } from './prometheusDataSource.ts';

/** Part of Grafana itself, and not on npm. */
const PROMETHEUS: PluginListItem = { id: 'prometheus', name: 'Prometheus', module: '' };

/** Makes every provisioned data source: from its built plugin, or ours that stands in for one of Grafana's own. */
export async function loadDataSources(): Promise<LoadedDataSource[]> {
  const [sources, plugins] = await Promise.all([listDataSources(), listPlugins()]);
  return Promise.all(
    sources.map(async (source) => {
      if (source.type === PROMETHEUS.id) {
        const settings = toInstanceSettings(source, PROMETHEUS);
        return { api: Object.assign(new PrometheusDataSource(settings), { meta: settings.meta }), settings };
      }
      const meta = plugins.find(({ id }) => id === source.type);
      if (!meta)
        throw new Error(`The data source ${source.name} is of the type ${source.type}, which is not here`);
      const plugin = await loadDataSourcePlugin(meta.module);
      const settings = toInstanceSettings(source, meta);
      return { api: createInstance(plugin, settings), settings };
    }),
  );
}

function createInstance(plugin: DataSourcePlugin<DataSourceApi>, settings: DataSourceInstanceSettings) {
  const api = new plugin.DataSourceClass(settings);
  api.components = plugin.components;
  api.meta = settings.meta;
  return api;
}

function toInstanceSettings(
  source: DataSourceListItem,
  { id, name, module }: PluginListItem,
): DataSourceInstanceSettings {
  const logo = `/public/plugins/${id}/img/logo.svg`;
  return {
    ...source,
    id: 1,
    access: 'proxy',
    readOnly: true,
    meta: {
      id,
      name,
      type: PluginType.datasource,
      module,
      baseUrl: `/public/plugins/${id}`,
      metrics: true,
      info: {
        author: { name: 'Storepulse' },
        description: '',
        links: [],
        logos: { small: logo, large: logo },
        screenshots: [],
        updated: '',
        version: '',
      },
    },
  };
}
