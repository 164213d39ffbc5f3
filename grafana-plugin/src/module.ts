import { DataSourcePlugin } from '@grafana/data';
import { ConfigEditor } from './components/ConfigEditor';
import { QueryEditor } from './components/QueryEditor';
import { QueryHelp } from './components/QueryHelp';
import { DataSource } from './datasource';
import type { StorepulseOptions, StorepulseQuery, StorepulseSecrets } from './types';

/** The plugin that Grafana loads. */
export const plugin = new DataSourcePlugin<DataSource, StorepulseQuery, StorepulseOptions, StorepulseSecrets>(
  DataSource,
)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor)
  .setQueryEditorHelp(QueryHelp);
