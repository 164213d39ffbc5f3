import {
  AdHocFiltersVariable,
  ConstantVariable,
  CustomVariable,
  QueryVariable,
  type SceneVariable,
  TextBoxVariable,
} from '@grafana/scenes';
import type { DashboardVariable } from '../api.ts';

/** Dashboard variables as scene variables; their values come from the address or from the first option. */
export function toVariables(variables: readonly DashboardVariable[]): SceneVariable[] {
  return variables.map(toVariable);
}

function toVariable(variable: DashboardVariable): SceneVariable {
  const { name, label = name, description = '', hide = 0, multi = false, includeAll = false } = variable;
  const common = { name, label, description, hide };
  // Grafana begins with All where there is one.
  const all = {
    includeAll,
    defaultToAll: includeAll,
    ...(variable.allValue ? { allValue: variable.allValue } : {}),
  };
  const text = typeof variable.query === 'string' ? variable.query : '';
  switch (variable.type) {
    case 'query':
      return new QueryVariable({
        ...common,
        isMulti: multi,
        ...all,
        ...(variable.refresh === undefined ? {} : { refresh: variable.refresh }),
        datasource: variable.datasource ?? null,
        query: variable.query as NonNullable<QueryVariable['state']['query']>,
        regex: variable.regex ?? '',
        sort: variable.sort ?? 0,
      });
    case 'custom':
      return new CustomVariable({ ...common, isMulti: multi, ...all, query: text });
    case 'adhoc':
      return new AdHocFiltersVariable({
        ...common,
        datasource: variable.datasource ?? null,
        filters: [],
        layout: 'combobox',
        applyMode: 'auto',
        supportsMultiValueOperators: true,
        useQueriesAsFilterForOptions: true,
        applicabilityEnabled: true,
      });
    case 'textbox':
      return new TextBoxVariable({ ...common, value: text });
    default:
      return new ConstantVariable({ ...common, value: text });
  }
}
