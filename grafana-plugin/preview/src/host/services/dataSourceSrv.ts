import type { DataSourceApi, DataSourceInstanceSettings, DataSourceRef } from '@grafana/data';
import type { DataSourceSrv } from '@grafana/runtime';

/** A data source with the settings that it was made from. */
export interface LoadedDataSource {
  api: DataSourceApi;
  settings: DataSourceInstanceSettings;
}

/** Finds data sources by uid or name, as references in dashboards do; without either, the default one. */
export function createDataSourceSrv(sources: readonly LoadedDataSource[]): DataSourceSrv {
  const find = (ref?: DataSourceRef | string | null): LoadedDataSource | undefined => {
    const key = typeof ref === 'string' ? ref : ref?.uid;
    return sources.find(({ settings }) =>
      key ? settings.uid === key || settings.name === key : settings.isDefault,
    );
  };
  return {
    async get(ref) {
      const source = find(ref);
      if (!source)
        throw new Error(
          `There is no data source ${JSON.stringify(ref)}: see provisioning/grafana/datasources`,
        );
      return source.api;
    },
    getInstanceSettings: (ref) => find(ref)?.settings,
    getList: () => sources.map(({ settings }) => settings),
    reload: async () => undefined,
    registerRuntimeDataSource: () => undefined,
  };
}
