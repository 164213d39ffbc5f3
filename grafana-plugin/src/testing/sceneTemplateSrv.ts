import type { ScopedVars } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import {
  EmbeddedScene,
  SceneFlexLayout,
  type SceneVariable,
  SceneVariableSet,
  sceneGraph,
} from '@grafana/scenes';

/** Grafana's own replacing of variables, as a dashboard of these variables does it. */
export function sceneTemplateSrv(...variables: SceneVariable[]): TemplateSrv {
  const scene = new EmbeddedScene({
    $variables: new SceneVariableSet({ variables }),
    body: new SceneFlexLayout({ children: [] }),
  });
  return {
    getVariables: () => variables.map(({ state }) => ({ name: state.name, type: state.type })),
    containsTemplate: (text = '') => text.includes('$'),
    updateTimeRange: () => undefined,
    replace: (text = '', scopedVars?: ScopedVars, format?: string | ((...args: never[]) => string)) =>
      sceneGraph.interpolate(scene, text, scopedVars, format as Parameters<typeof sceneGraph.interpolate>[3]),
  } as unknown as TemplateSrv;
}
