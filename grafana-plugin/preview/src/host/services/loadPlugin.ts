import 'systemjs/dist/system.js';
import 'systemjs/dist/extras/amd.js';
import * as emotionCss from '@emotion/css';
import type { DataSourceApi, DataSourcePlugin } from '@grafana/data';
import * as grafanaData from '@grafana/data';
import * as grafanaRuntime from '@grafana/runtime';
import * as grafanaUi from '@grafana/ui';
import * as i18next from 'i18next';
import lodash from 'lodash';
import * as react from 'react';
import * as jsxRuntime from 'react/jsx-runtime';
import * as reactDom from 'react-dom';
import * as rxjs from 'rxjs';

/** The modules that Grafana shares with plugins: their builds leave them out and expect these very instances. */
const SHARED: Record<string, object> = {
  '@emotion/css': emotionCss,
  '@grafana/data': grafanaData,
  '@grafana/runtime': grafanaRuntime,
  '@grafana/ui': grafanaUi,
  i18next,
  lodash,
  react,
  'react/jsx-runtime': jsxRuntime,
  'react-dom': reactDom,
  rxjs,
};

/** Offers the shared modules to plugins. To be called once, before the first plugin is loaded. */
export function shareModules(): void {
  const imports: Record<string, string> = {};
  for (const [name, module] of Object.entries(SHARED)) {
    const address = `package:${name}`;
    // Without a default of their own, SystemJS would hand AMD modules the default export alone.
    System.set(address, { ...module, __useDefault: false });
    imports[name] = address;
  }
  System.addImportMap({ imports });
}

/** Loads a built data source as Grafana does: its AMD module, through SystemJS. */
export async function loadDataSourcePlugin(address: string): Promise<DataSourcePlugin<DataSourceApi>> {
  const { plugin } = await System.import<{ plugin: DataSourcePlugin<DataSourceApi> }>(address);
  return plugin;
}
