import type { PanelData } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { sceneGraph, type VizPanel } from '@grafana/scenes';
import { Drawer, Tab, TabsBar } from '@grafana/ui';
import { INSPECT_TABS, type InspectTab } from '../dashboard/inspectTabs.ts';
import { DataTab } from './DataTab.tsx';
import { JsonTab } from './JsonTab.tsx';
import { QueryTab } from './QueryTab.tsx';
import { StatsTab } from './StatsTab.tsx';

interface Props {
  panel: VizPanel;
  tab: InspectTab;
}

/** What a panel shows, how it was asked, what that cost, and what the panel is made of. */
export function InspectDrawer({ panel, tab }: Props) {
  const { data } = sceneGraph.getData(panel).useState();
  const close = () => locationService.partial({ inspect: null, inspectTab: null });
  const tabs = (
    <TabsBar>
      {INSPECT_TABS.map(({ value, label }) => (
        <Tab
          key={value}
          label={label}
          active={value === tab}
          onChangeTab={() => locationService.partial({ inspectTab: value })}
        />
      ))}
    </TabsBar>
  );
  const title = `Inspect: ${sceneGraph.interpolate(panel, panel.state.title)}`;
  return (
    <Drawer title={title} tabs={tabs} onClose={close} size="md">
      {data ? <Content {...{ panel, tab, data }} /> : 'This panel asks nothing.'}
    </Drawer>
  );
}

function Content({ panel, tab, data }: Props & { data: PanelData }) {
  if (tab === 'query') return <QueryTab data={data} />;
  if (tab === 'stats') return <StatsTab data={data} />;
  if (tab === 'json') return <JsonTab panel={panel} />;
  return <DataTab title={panel.state.title} data={data} />;
}
