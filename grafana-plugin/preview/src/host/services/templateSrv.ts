import type { ScopedVars } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import { type SceneObject, sceneGraph } from '@grafana/scenes';

/** Replaces variables with their values in the scene that a query comes from, as Grafana's own service does. */
export const templateSrv: TemplateSrv = {
  getVariables: () => [],
  replace(target = '', scopedVars, format) {
    const scene = sceneOf(scopedVars);
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
