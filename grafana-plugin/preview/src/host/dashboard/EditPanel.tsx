import { css } from '@emotion/css';
import { type DataSourceApi, type GrafanaTheme2, LoadingState, type PanelData } from '@grafana/data';
import { getDataSourceSrv, locationService } from '@grafana/runtime';
import { type SceneQueryRunner, sceneGraph, type VizPanel } from '@grafana/scenes';
import { Alert, Button, Stack, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { Loaded } from '../pages/Loaded.tsx';
import { QueryRows } from '../queries/QueryRows.tsx';
import { savedPanel } from '../saved/queries.ts';
import { queryRunnerOf } from './panelMenu.ts';
import { sourceKey } from './repeatValues.ts';

interface Props {
  /** Uid of the dashboard. */
  dashboard: string;
  panel: VizPanel;
  /** Makes the dashboard anew, with what is saved. */
  onRenew: () => void;
}

/** Edits the queries of a panel, which shows at once what they answer. They are saved in this browser, not in the dashboard. */
export function EditPanel({ dashboard, panel, onRenew }: Props) {
  const runner = queryRunnerOf(panel);
  const source = runner?.state.datasource;
  if (!runner || !source) return <Alert title="This panel asks nothing." severity="info" />;
  return (
    <Loaded of="the query editor" load={() => getDataSourceSrv().get(source)}>
      {(datasource: DataSourceApi) => <Editors {...{ dashboard, panel, onRenew, runner, datasource }} />}
    </Loaded>
  );
}

function Editors({
  dashboard,
  panel,
  onRenew,
  runner,
  datasource,
}: Props & { runner: SceneQueryRunner; datasource: DataSourceApi }) {
  const styles = useStyles2(getStyles);
  const { queries, data } = runner.useState();
  const { value: range } = sceneGraph.getTimeRange(panel).useState();
  const [failure, setFailure] = useState<string>();
  const saved = savedPanel(dashboard, sourceKey(panel));
  const nothingYet: PanelData = { state: LoadingState.NotStarted, series: [], timeRange: range };
  const leave = () => {
    locationService.partial({ editPanel: null });
    onRenew();
  };
  const save = () => {
    try {
      saved.save(queries);
      leave();
    } catch (error) {
      setFailure((error as Error).message);
    }
  };
  return (
    <div className={styles.editor}>
      <Stack direction="row" gap={1} alignItems="center" wrap="wrap">
        <Button onClick={save}>Save in this browser</Button>
        <Button variant="secondary" onClick={leave}>
          Discard changes
        </Button>
        {saved.read() && (
          <Button
            variant="destructive"
            fill="outline"
            onClick={() => {
              saved.reset();
              leave();
            }}
          >
            Back to the dashboard’s queries
          </Button>
        )}
        <span className={styles.note}>The dashboard’s file stays as it is.</span>
      </Stack>
      {failure && <Alert title={failure} />}
      <QueryRows
        {...{ datasource, queries, range, data: data ?? nothingYet }}
        onChange={(changed) => {
          runner.setState({ queries: changed });
          runner.runQueries();
        }}
        onRun={() => runner.runQueries()}
      />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  editor: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }),
  note: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
});
