import { sceneGraph, type VizPanel } from '@grafana/scenes';
import { Stack } from '@grafana/ui';
import { queryRunnerOf } from '../dashboard/panelMenu.ts';
import { Pre } from './Pre.tsx';

/** What a panel is made of, and the data that it draws, as JSON. */
export function JsonTab({ panel }: { panel: VizPanel }) {
  const { pluginId, title, description, options, fieldConfig } = panel.state;
  const { data } = sceneGraph.getData(panel).useState();
  const runner = queryRunnerOf(panel);
  const model = {
    type: pluginId,
    title,
    description,
    datasource: runner?.state.datasource,
    targets: runner?.state.queries,
    options,
    fieldConfig,
  };
  const frames = (data?.series ?? []).map(({ name, refId, meta, fields, length }) => ({
    ...{ name, refId, meta, length },
    fields: fields.map(({ name: field, type, labels, config, values }) => ({
      name: field,
      type,
      labels,
      config,
      values,
    })),
  }));
  return (
    <Stack direction="column" gap={2}>
      <Pre label="Panel" text={JSON.stringify(model, null, 2)} />
      <Pre label="Data" text={JSON.stringify(frames, null, 2)} />
    </Stack>
  );
}
