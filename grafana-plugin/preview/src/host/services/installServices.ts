import { EventBusSrv, type GrafanaTheme2 } from '@grafana/data';
import {
  type BackendSrv,
  config,
  setAppEvents,
  setBackendSrv,
  setDataSourceSrv,
  setPluginImportUtils,
  setRunRequest,
  setTemplateSrv,
} from '@grafana/runtime';
import { createPanelPlugins } from '../panels/panelPlugins.ts';
import { backendSrv } from './backendSrv.ts';
import { createDataSourceSrv, type LoadedDataSource } from './dataSourceSrv.ts';
import { registerFieldConfig } from './fieldConfig.ts';
import { runRequest } from './runRequest.ts';
import { templateSrv } from './templateSrv.ts';

/** Gives Grafana's packages the services that its core gives them before anything is drawn. */
export function installServices(theme: GrafanaTheme2): void {
  config.theme2 = theme;
  registerFieldConfig();
  setAppEvents(new EventBusSrv());
  setBackendSrv(backendSrv as BackendSrv);
  setTemplateSrv(templateSrv);
  setRunRequest(runRequest);
  const panelPlugin = createPanelPlugins();
  setPluginImportUtils({
    importPanelPlugin: async (id) => panelPlugin(id),
    getPanelPluginFromCache: (id) => panelPlugin(id),
  });
}

/** Makes the data sources known; panels and variables find them by reference. */
export function installDataSources(sources: readonly LoadedDataSource[]): void {
  config.datasources = Object.fromEntries(sources.map(({ settings }) => [settings.name, settings]));
  setDataSourceSrv(createDataSourceSrv(sources));
}
