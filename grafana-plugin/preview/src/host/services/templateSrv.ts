import type { ScopedVars, TypedVariableModel } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import { replaceReferences } from './replaceReferences.ts';

/** What a dashboard that is open knows of its variables. */
export interface OpenVariables {
  list(): { name: string; type: string }[];
  /** Replaces variables in a text, in the scene that a query comes from. */
  replace: TemplateSrv['replace'];
}

/** The dashboard that is open, as Grafana keeps it for whatever asks without a scene of its own. */
let current: OpenVariables | undefined;

/** Makes a dashboard's variables those that count; what it returns takes that back. */
export function openVariables(variables: OpenVariables): () => void {
  current = variables;
  return () => {
    if (current === variables) current = undefined;
  };
}

/** Replaces variables with their values, as Grafana's own service does; where no dashboard is open, references to values alone. */
export const templateSrv: TemplateSrv = {
  getVariables: () => (current?.list() ?? []) as TypedVariableModel[],
  replace: (target = '', scopedVars?: ScopedVars, format?: Parameters<TemplateSrv['replace']>[2]) =>
    current ? current.replace(target, scopedVars, format) : replaceReferences(target, scopedVars),
  containsTemplate: (target = '') => /\$\w|\$\{/.test(target),
  updateTimeRange: () => undefined,
};
