import { ControlsLabel, SceneObjectBase, type SceneObjectState, sceneGraph } from '@grafana/scenes';

/**
 * A switch for each query of annotations, with its name, as Grafana shows them. Scenes' own control names the set of them, so that
 * its label belongs to no switch.
 */
export class AnnotationSwitches extends SceneObjectBase<SceneObjectState> {
  static Component = ({ model }: { model: AnnotationSwitches }) =>
    sceneGraph
      .getDataLayers(model)
      .flatMap((set) => ('layers' in set.state ? (set.state.layers as (typeof set)[]) : [set]))
      .filter(({ state }) => !state.isHidden)
      .map((layer) => (
        <div key={layer.state.key}>
          <ControlsLabel htmlFor={`data-layer-${layer.state.key}`} label={layer.state.name} />
          <layer.Component model={layer} />
        </div>
      ));

  constructor() {
    super({});
  }
}
