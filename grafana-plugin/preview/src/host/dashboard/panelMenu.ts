import { type PanelMenuItem, toURLRange } from '@grafana/data';
import { getDataSourceSrv, locationService } from '@grafana/runtime';
import { SceneQueryRunner, sceneGraph, VizPanel, VizPanelMenu } from '@grafana/scenes';
import { exploreAddress } from '../explore/exploreState.ts';
import { INSPECT_TABS } from './inspectTabs.ts';

/** The menu of a panel: to see it alone, edit its queries, explore them, and look into what it shows. Copies of a panel have one of their own. */
export class PanelMenu extends VizPanelMenu {
  constructor(state: ConstructorParameters<typeof VizPanelMenu>[0] = {}) {
    super(state);
    this.addActivationHandler(() => fill(this));
  }
}

function fill(menu: VizPanelMenu): void {
  const panel = menu.parent;
  if (!(panel instanceof VizPanel)) return;
  menu.setItems(itemsOf(panel));
  void exploreAddressOf(panel).then((href) => {
    if (href === undefined) return;
    menu.setItems(
      (menu.state.items ?? []).map((item) => (item.text === 'Explore' ? { ...item, href } : item)),
    );
  });
}

function itemsOf(panel: VizPanel): PanelMenuItem[] {
  const key = panel.state.key ?? '';
  const isViewed = locationService.getSearch().get('viewPanel') === key;
  const show = (parameters: Record<string, string | null>) => () => locationService.partial(parameters);
  return [
    {
      text: isViewed ? 'Back to the dashboard' : 'View',
      iconClassName: 'eye',
      onClick: show({ viewPanel: isViewed ? null : key, editPanel: null }),
    },
    { text: 'Edit queries', iconClassName: 'edit', onClick: show({ editPanel: key, viewPanel: null }) },
    { text: 'Explore', iconClassName: 'compass', href: '/explore' },
    {
      text: 'Inspect',
      iconClassName: 'info-circle',
      subMenu: INSPECT_TABS.map(({ value, label }) => ({
        text: label,
        onClick: show({ inspect: key, inspectTab: value }),
      })),
    },
  ];
}

/** Explore with the panel's queries as they are asked: variables filled, ad hoc filters among their own. */
async function exploreAddressOf(panel: VizPanel): Promise<string | undefined> {
  const runner = queryRunnerOf(panel);
  const source = runner?.state.datasource;
  if (!runner || !source) return undefined;
  const datasource = await getDataSourceSrv().get(source);
  const scopedVars = { __sceneObject: { value: { valueOf: () => panel }, text: '__sceneObject' } };
  const filters = runner.state.data?.request?.filters;
  const queries =
    datasource.interpolateVariablesInQueries?.(runner.state.queries, scopedVars, filters) ??
    runner.state.queries;
  const { raw } = sceneGraph.getTimeRange(panel).state.value;
  return exploreAddress({
    datasource: datasource.uid,
    queries,
    range: toURLRange(raw) as { from: string; to: string },
  });
}

/** What asks for a panel's data, behind its transformations. */
export function queryRunnerOf(panel: VizPanel): SceneQueryRunner | undefined {
  for (let data = panel.state.$data; data; data = data.state.$data) {
    if (data instanceof SceneQueryRunner) return data;
  }
  return undefined;
}
