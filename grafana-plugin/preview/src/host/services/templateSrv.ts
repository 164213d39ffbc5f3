import type { ScopedVars, TypedVariableModel } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import { type SceneObject, sceneGraph } from '@grafana/scenes';

/** The dashboard that is open, as Grafana keeps it for whatever asks without a scene of its own. */
let current: SceneObject | undefined;

/** Makes a dashboard the one that is open; what it returns takes that back. */
export function openScene(scene: SceneObject): () => void {
  current = scene;
  return () => {
    if (current === scene) current = undefined;
  };
}

/** Replaces variables with their values in the scene that a query comes from, as Grafana's own service does. */
export const templateSrv: TemplateSrv = {
  getVariables: () =>
    (current ? sceneGraph.getVariables(current).state.variables : []).map(
      ({ state: { name, type } }) => ({ name, type }) as TypedVariableModel,
    ),
  replace(target = '', scopedVars, format) {
    const scene = sceneOf(scopedVars) ?? current;
    return scene
      ? sceneGraph.interpolate(
          scene,
          target,
          scopedVars,
          format as Parameters<typeof sceneGraph.interpolate>[3],
        )
      : target;
  },
  containsTemplate: (target = '') => /\$\w|\$\{/.test(target),
  updateTimeRange: () => undefined,
};

function sceneOf(scopedVars: ScopedVars | undefined): SceneObject | undefined {
  return scopedVars?.__sceneObject?.value.valueOf();
}
