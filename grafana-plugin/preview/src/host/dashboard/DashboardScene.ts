import { CoreApp, type DataQueryRequest } from '@grafana/data';
import { EmbeddedScene, type SceneObject, VizPanel } from '@grafana/scenes';

/** A dashboard that tells data sources which kind of panel asks, as Grafana's own does. */
export class DashboardScene extends EmbeddedScene {
  /** Called by scenes for each request of a panel. */
  enrichDataRequest(source: SceneObject): Partial<DataQueryRequest> {
    const panel = panelOf(source);
    return { app: CoreApp.Dashboard, ...(panel ? { panelPluginId: panel.state.pluginId } : {}) };
  }
}

function panelOf(object: SceneObject | undefined): VizPanel | undefined {
  return object === undefined || object instanceof VizPanel ? object : panelOf(object.parent);
}
