import {
  EventBusSrv,
  type GrafanaTheme2,
  standardTransformers,
  standardTransformersRegistry,
  type TransformerRegistryItem,
} from '@grafana/data';
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

/** Editors are never drawn here. */
const NoEditor = () => null;

/** Gives Grafana's packages the services that its core gives them before anything is drawn. */
export function installServices(theme: GrafanaTheme2): void {
  config.theme2 = theme;
  registerFieldConfig();
  registerTransformations();
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

/** Tells `@grafana/data` which transformations panels may have: Grafana's core adds an editor to each. */
function registerTransformations(): void {
  standardTransformersRegistry.setInit(() =>
    // Some are there under two names.
    [...new Set(Object.values(standardTransformers))].map(
      (transformation): TransformerRegistryItem => ({
        id: transformation.id,
        name: transformation.name,
        transformation: async () => transformation,
        editor: NoEditor,
        imageDark: '',
        imageLight: '',
      }),
    ),
  );
}

/** Makes the data sources known; panels and variables find them by reference. */
export function installDataSources(sources: readonly LoadedDataSource[]): void {
  config.datasources = Object.fromEntries(sources.map(({ settings }) => [settings.name, settings]));
  setDataSourceSrv(createDataSourceSrv(sources));
}
