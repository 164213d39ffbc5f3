import {
  type DataSourceApi,
  type DataSourceInstanceSettings,
  type DataSourcePlugin,
  PluginType,
} from '@grafana/data';
import { type DataSourceListItem, listDataSources, listPlugins, type PluginListItem } from '../api.ts';
import type { LoadedDataSource } from './dataSourceSrv.ts';
import { loadDataSourcePlugin } from './loadPlugin.ts';

/** Makes every provisioned data source from its built plugin. */
export async function loadDataSources(): Promise<LoadedDataSource[]> {
  const [sources, plugins] = await Promise.all([listDataSources(), listPlugins()]);
  return Promise.all(
    sources.map(async (source) => {
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
