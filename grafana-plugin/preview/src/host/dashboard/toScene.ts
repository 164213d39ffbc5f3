import {
  behaviors,
  dataLayers,
  SceneControlsSpacer,
  SceneDataLayerControls,
  SceneDataLayerSet,
  SceneGridLayout,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  SceneVariableSet,
  VariableValueSelectors,
} from '@grafana/scenes';
import type { Dashboard } from '../api.ts';
import { DashboardScene } from './DashboardScene.ts';
import { toGridItems } from './toGridItems.ts';
import { toVariables } from './toVariables.ts';

/** A dashboard's JSON as a scene: variables, time range, refresh, what is marked on graphs, and its panels on the grid. */
export function toScene({
  time,
  timezone,
  refresh = '',
  timepicker,
  templating,
  graphTooltip = 0,
  annotations,
  panels,
}: Dashboard) {
  const intervals = timepicker?.refresh_intervals;
  return new DashboardScene({
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
      ...(annotations?.list.length ? [new SceneDataLayerControls()] : []),
      new SceneControlsSpacer(),
      new SceneTimePicker({ isOnCanvas: true }),
      new SceneRefreshPicker({ refresh, isOnCanvas: true, ...(intervals ? { intervals } : {}) }),
    ],
    body: new SceneGridLayout({ isDraggable: false, isResizable: false, children: toGridItems(panels) }),
  });
}
