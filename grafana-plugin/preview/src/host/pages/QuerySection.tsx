import { CoreApp, type DataSourceApi } from '@grafana/data';
import { SceneFlexItem, SceneFlexLayout, SceneQueryRunner, SceneTimeRange, VizPanel } from '@grafana/scenes';
import type { DataQuery } from '@grafana/schema';
import { FieldSet } from '@grafana/ui';
import { useMemo, useState } from 'react';
import { DashboardScene } from '../dashboard/DashboardScene.ts';

/** A data source's query editor over a graph of its answer. */
export function QuerySection({ datasource }: { datasource: DataSourceApi }) {
  const [query, setQuery] = useState<DataQuery>(() => ({
    refId: 'A',
    ...datasource.getDefaultQuery?.(CoreApp.Explore),
  }));
  const Editor = datasource.components?.QueryEditor;
  const scene = useMemo(() => toScene(datasource, query), [datasource, query]);
  return (
    <FieldSet label="Query">
      {Editor && (
        <Editor datasource={datasource} query={query} onChange={setQuery} onRunQuery={() => undefined} />
      )}
      <div style={{ height: 360, marginTop: 16, display: 'flex' }}>
        <scene.Component model={scene} key={JSON.stringify(query)} />
      </div>
    </FieldSet>
  );
}

function toScene(datasource: DataSourceApi, query: DataQuery): DashboardScene {
  return new DashboardScene({
    $timeRange: new SceneTimeRange({ from: 'now-6h', to: 'now' }),
    body: new SceneFlexLayout({
      children: [
        new SceneFlexItem({
          body: new VizPanel({
            title: datasource.getQueryDisplayText?.(query) ?? '',
            pluginId: panelOf(query),
            $data: new SceneQueryRunner({
              datasource: datasource.getRef(),
              queries: [query],
              maxDataPoints: 500,
            }),
          }),
        }),
      ],
    }),
  });
}

/** The kinds of panels for answers that are no series, by the type of the query; Explore takes them from the frames. */
const PANELS: Readonly<Record<string, string>> = {
  distribution: 'heatmap',
  funnel: 'table',
  cohort: 'table',
  events: 'logs',
  records: 'table',
};

function panelOf(query: DataQuery): string {
  const isTable = (query as { format?: string }).format === 'table';
  return PANELS[query.queryType ?? ''] ?? (isTable ? 'table' : 'timeseries');
}
