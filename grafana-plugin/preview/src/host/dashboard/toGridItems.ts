import {
  type SceneDataProvider,
  SceneDataTransformer,
  SceneGridItem,
  type SceneGridItemLike,
  SceneGridRow,
  SceneQueryRunner,
  VizPanel,
} from '@grafana/scenes';
import type { DashboardPanel } from '../api.ts';
import { NoticeList } from './NoticeList.tsx';
import { PanelLinks } from './PanelLinks.tsx';
import { PanelTimeRange } from './PanelTimeRange.ts';
import { PanelMenu } from './panelMenu.ts';
import { RepeatedPanel } from './RepeatedPanel.tsx';
import { RowRepeater } from './repeatRow.ts';
import { SavedHere } from './SavedHere.tsx';
import { TimeRangeLabel } from './TimeRangeLabel.tsx';

/** Grafana's number of panels that a repeated one has side by side. */
const MAX_PER_ROW = 4;

/** A dashboard's panels on the grid; those after the heading of a row belong to it. */
export function toGridItems(panels: readonly DashboardPanel[]): SceneGridItemLike[] {
  const items: SceneGridItemLike[] = [];
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

function toRow({ id, title, gridPos, collapsed = false, repeat, panels = [] }: DashboardPanel): SceneGridRow {
  return new SceneGridRow({
    ...{ key: `row-${id}`, title, y: gridPos.y, isCollapsed: collapsed },
    children: panels.map(toGridItem),
    ...(repeat ? { $behaviors: [new RowRepeater({ variable: repeat })] } : {}),
  });
}

function toGridItem(panel: DashboardPanel): SceneGridItemLike {
  const { id, repeat, repeatDirection: direction = 'h', maxPerRow = MAX_PER_ROW } = panel;
  const { x, y, w, h } = panel.gridPos;
  const place = { key: `grid-item-${id}`, x, y, width: w, height: h };
  const body = toVizPanel(panel);
  if (!repeat) return new SceneGridItem({ ...place, body });
  // Side by side they take the whole width, as in Grafana.
  const width = direction === 'h' ? { x: 0, width: 24 } : {};
  return new RepeatedPanel({
    ...{ ...place, ...width, source: body, variable: repeat, direction, maxPerRow, itemHeight: h },
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
    links = [],
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
    ...(panel.targets ? { menu: new PanelMenu() } : {}),
    titleItems: [
      new SavedHere({}),
      new NoticeList({}),
      ...(links.length > 0 ? [new PanelLinks({ links })] : []),
      ...(ownRange && !hideTimeOverride ? [new TimeRangeLabel({})] : []),
    ],
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
