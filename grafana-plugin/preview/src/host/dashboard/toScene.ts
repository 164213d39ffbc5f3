import {
  behaviors,
  dataLayers,
  SceneDataLayerSet,
  SceneGridLayout,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  SceneVariableSet,
  VariableValueSelectors,
} from '@grafana/scenes';
import type { Dashboard, DashboardPanel } from '../api.ts';
import { savedPanel } from '../saved/queries.ts';
import { AnnotationSwitches } from './AnnotationSwitches.tsx';
import { DashboardScene } from './DashboardScene.tsx';
import { toGridItems } from './toGridItems.ts';
import { toVariables } from './toVariables.ts';

/**
 * A dashboard's JSON as a scene: variables, time range, refresh, what is marked on graphs, and its panels on the grid.
 * @param onRenew makes the dashboard anew, once something of it was saved
 */
export function toScene(
  {
    uid,
    links = [],
    time,
    timezone,
    refresh = '',
    timepicker,
    templating,
    graphTooltip = 0,
    annotations,
    panels,
  }: Dashboard,
  onRenew: () => void,
) {
  const intervals = timepicker?.refresh_intervals;
  return new DashboardScene({
    uid,
    links,
    onRenew,
    $timeRange: new SceneTimeRange({
      from: time.from,
      to: time.to,
      ...(timezone ? { timeZone: timezone } : {}),
    }),
    $variables: new SceneVariableSet({ variables: toVariables(templating?.list ?? []) }),
    $data: new SceneDataLayerSet({
      name: 'Annotations',
      layers: (annotations?.list ?? []).map(
        (query) =>
          new dataLayers.AnnotationsDataLayer({
            key: `annotations-${query.name}`,
            name: query.name,
            query: { ...query, target: { refId: 'Anno', ...query.target } },
            isEnabled: query.enable,
            isHidden: query.hide ?? false,
          }),
      ),
    }),
    $behaviors: [new behaviors.CursorSync({ sync: graphTooltip })],
    controls: [
      new VariableValueSelectors({}),
      ...(annotations?.list.length ? [new AnnotationSwitches()] : []),
      new SceneTimePicker({ isOnCanvas: true }),
      new SceneRefreshPicker({
        refresh,
        isOnCanvas: true,
        withText: true,
        ...(intervals ? { intervals } : {}),
      }),
    ],
    body: new SceneGridLayout({
      isDraggable: false,
      isResizable: false,
      children: toGridItems(panels.map((panel) => withSaved(uid, panel))),
    }),
  });
}

/** A panel with the queries that were saved for it in this browser, if any. */
function withSaved(uid: string, panel: DashboardPanel): DashboardPanel {
  const { panels } = panel;
  const targets = savedPanel(uid, `panel-${panel.id}`).read() as DashboardPanel['targets'];
  return {
    ...panel,
    ...(targets ? { targets } : {}),
    ...(panels ? { panels: panels.map((child) => withSaved(uid, child)) } : {}),
  };
}
