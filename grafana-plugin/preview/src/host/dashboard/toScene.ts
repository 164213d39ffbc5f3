import {
  behaviors,
  SceneControlsSpacer,
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

/** A dashboard's JSON as a scene: variables, time range, refresh, and its panels on the grid. */
export function toScene({
  time,
  timezone,
  refresh = '',
  timepicker,
  templating,
  graphTooltip = 0,
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
    $behaviors: [new behaviors.CursorSync({ sync: graphTooltip })],
    controls: [
      new VariableValueSelectors({}),
      new SceneControlsSpacer(),
      new SceneTimePicker({ isOnCanvas: true }),
      new SceneRefreshPicker({ refresh, isOnCanvas: true, ...(intervals ? { intervals } : {}) }),
    ],
    body: new SceneGridLayout({ isDraggable: false, isResizable: false, children: toGridItems(panels) }),
  });
}
