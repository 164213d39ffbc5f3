import {
  type SceneDataProvider,
  SceneDataTransformer,
  SceneGridItem,
  SceneGridRow,
  SceneQueryRunner,
  VizPanel,
} from '@grafana/scenes';
import type { DashboardPanel } from '../api.ts';
import { NoticeList } from './NoticeList.tsx';
import { PanelTimeRange } from './PanelTimeRange.ts';
import { TimeRangeLabel } from './TimeRangeLabel.tsx';

type GridItem = SceneGridItem | SceneGridRow;

/** A dashboard's panels on the grid; those after the heading of a row belong to it. */
export function toGridItems(panels: readonly DashboardPanel[]): GridItem[] {
  const items: GridItem[] = [];
  let row: SceneGridRow | undefined;
  for (const panel of panels) {
    if (panel.type === 'row') {
      row = toRow(panel);
      items.push(row);
    } else if (row) {
      row.setState({ children: [...row.state.children, toGridItem(panel)] });
    } else {
      items.push(toGridItem(panel));
    }
  }
  return items;
}

function toRow({ id, title, gridPos, collapsed = false }: DashboardPanel): SceneGridRow {
  return new SceneGridRow({ key: `row-${id}`, title, y: gridPos.y, isCollapsed: collapsed, children: [] });
}

function toGridItem(panel: DashboardPanel): SceneGridItem {
  const { x, y, w, h } = panel.gridPos;
  return new SceneGridItem({
    key: `grid-item-${panel.id}`,
    x,
    y,
    width: w,
    height: h,
    body: toVizPanel(panel),
  });
}

function toVizPanel(panel: DashboardPanel): VizPanel {
  const {
    id,
    type,
    title,
    description,
    options = {},
    timeFrom,
    timeShift,
    hideTimeOverride,
    transparent,
  } = panel;
  const ownRange = timeFrom || timeShift;
  return new VizPanel({
    key: `panel-${id}`,
    pluginId: type,
    title,
    options,
    fieldConfig: panel.fieldConfig ?? { defaults: {}, overrides: [] },
    displayMode: transparent ? 'transparent' : 'default',
    ...(description ? { description } : {}),
    ...(panel.targets ? { $data: toData(panel) } : {}),
    ...(ownRange
      ? {
          $timeRange: new PanelTimeRange({
            ...(timeFrom ? { timeFrom } : {}),
            ...(timeShift ? { timeShift } : {}),
          }),
        }
      : {}),
    titleItems: [new NoticeList({}), ...(ownRange && !hideTimeOverride ? [new TimeRangeLabel({})] : [])],
  });
}

/** What a panel draws: the answers to its queries, and what its transformations make of them. */
function toData(panel: DashboardPanel): SceneDataProvider {
  const { transformations = [] } = panel;
  const $data = toQueryRunner(panel);
  return transformations.length === 0 ? $data : new SceneDataTransformer({ $data, transformations });
}

function toQueryRunner({
  targets = [],
  datasource,
  maxDataPoints,
  interval,
}: DashboardPanel): SceneQueryRunner {
  return new SceneQueryRunner({
    queries: targets,
    ...(datasource ? { datasource } : {}),
    ...(interval ? { minInterval: interval } : {}),
    ...(maxDataPoints ? { maxDataPoints } : { maxDataPointsFromWidth: true }),
  });
}
