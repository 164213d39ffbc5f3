import type { VariableKind } from '@grafana/schema/apis/dashboard.grafana.app/v2beta1';
import { t } from '../i18n';
import type { StorepulseVariableQuery } from '../types';

/** Where the variables of a dashboard ask. */
export interface VariableSource {
  uid: string;
  /** Id of the plugin. */
  type: string;
}

const NO_CHOICE = { text: '', value: '' };

/**
 * What a new dashboard over this data source begins with: a choice of the shop, as `$shop`, and ad hoc filters. Grafana adds
 * them as they are.
 */
export function defaultVariables({ uid, type }: VariableSource): VariableKind[] {
  const datasource = { name: uid };
  const query: StorepulseVariableQuery = { refId: 'shops', kind: 'shops' };
  return [
    {
      kind: 'QueryVariable',
      spec: {
        ...{ name: 'shop', label: t('Shop'), hide: 'dontHide', skipUrlSync: false },
        ...{ current: NO_CHOICE, options: [], multi: false, includeAll: false, allowCustomValue: false },
        // The shops are read each time that the dashboard is opened.
        ...{ refresh: 'onDashboardLoad', regex: '', sort: 'disabled' },
        query: { kind: 'DataQuery', group: type, version: 'v0', datasource, spec: { ...query } },
      },
    },
    {
      kind: 'AdhocVariable',
      group: type,
      datasource,
      spec: {
        ...{ name: 'filters', label: t('Filters'), hide: 'dontHide', skipUrlSync: false },
        ...{ baseFilters: [], filters: [], defaultKeys: [], allowCustomValue: true },
      },
    },
  ];
}
