import { CoreApp, type DataQueryRequest } from '@grafana/data';
import {
  type SceneComponentProps,
  type SceneObject,
  SceneObjectBase,
  type SceneObjectState,
  VizPanel,
} from '@grafana/scenes';
import type { DashboardLink } from '../api.ts';
import { DashboardView } from './DashboardView.tsx';

interface DashboardSceneState extends SceneObjectState {
  uid: string;
  links: readonly DashboardLink[];
  /** Variables, annotations, time range and refresh. */
  controls: SceneObject[];
  body: SceneObject;
  /** Makes the dashboard anew, from its file and what is saved in this browser. */
  onRenew: () => void;
}

/** A dashboard that tells data sources which kind of panel asks, as Grafana's own does. */
export class DashboardScene extends SceneObjectBase<DashboardSceneState> {
  static Component = ({ model }: SceneComponentProps<DashboardScene>) => <DashboardView scene={model} />;

  /** Called by scenes for each request of a panel. */
  enrichDataRequest(source: SceneObject): Partial<DataQueryRequest> {
    const panel = panelOf(source);
    return { app: CoreApp.Dashboard, ...(panel ? { panelPluginId: panel.state.pluginId } : {}) };
  }
}

function panelOf(object: SceneObject | undefined): VizPanel | undefined {
  return object === undefined || object instanceof VizPanel ? object : panelOf(object.parent);
}
