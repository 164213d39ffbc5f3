import type { ScopedVars } from '@grafana/data';
import { type SceneObject, sceneGraph } from '@grafana/scenes';
import { openVariables } from '../services/templateSrv.ts';

/** Makes a dashboard the one that is open; what it returns takes that back. */
export function openScene(scene: SceneObject): () => void {
  return openVariables({
    list: () =>
      sceneGraph.getVariables(scene).state.variables.map(({ state: { name, type } }) => ({ name, type })),
    replace: (target = '', scopedVars, format) =>
      sceneGraph.interpolate(
        sceneOf(scopedVars) ?? scene,
        target,
        scopedVars,
        format as Parameters<typeof sceneGraph.interpolate>[3],
      ),
  });
}

/** The part of the scene that a query comes from. */
function sceneOf(scopedVars: ScopedVars | undefined): SceneObject | undefined {
  return scopedVars?.__sceneObject?.value.valueOf();
}
