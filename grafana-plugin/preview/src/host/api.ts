import type { Dashboard } from '../server/provisioningSchema.ts';

export type {
  Dashboard,
  DashboardLink,
  DashboardPanel,
  DashboardVariable,
} from '../server/provisioningSchema.ts';

/** A dashboard in the list. */
export interface DashboardHit {
  uid: string;
  title: string;
  tags: string[];
  url: string;
}

/** A data source as a browser may know it. */
export interface DataSourceListItem {
  uid: string;
  name: string;
  type: string;
  isDefault: boolean;
  /** Address of the data proxy for it. */
  url: string;
  jsonData: Record<string, string>;
  /** Names of the secrets that are set. */
  secureJsonFields: Record<string, boolean>;
}

/** A plugin that can be loaded. */
export interface PluginListItem {
  id: string;
  name: string;
  /** Address of its AMD module. */
  module: string;
}

export const listDashboards = () => read<DashboardHit[]>('/api/search');
export const listDataSources = () => read<DataSourceListItem[]>('/api/datasources');
export const listPlugins = () => read<PluginListItem[]>('/api/plugins');

/** The dashboard's classic JSON. */
export async function getDashboard(uid: string): Promise<Dashboard> {
  return (await read<{ dashboard: Dashboard }>(`/api/dashboards/uid/${encodeURIComponent(uid)}`)).dashboard;
}

async function read<T>(url: string): Promise<T> {
  const response = await fetch(url);
  const body = await response.json();
  if (!response.ok) throw new Error(body.message ?? `${url} answered ${response.status}`);
  return body;
}
