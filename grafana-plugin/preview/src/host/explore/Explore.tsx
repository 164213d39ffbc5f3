import { css } from '@emotion/css';
import {
  type DataSourceApi,
  type GrafanaTheme2,
  hasToggleableQueryFiltersSupport,
  LoadingState,
  toURLRange,
} from '@grafana/data';
import { locationService } from '@grafana/runtime';
import type { DataQuery } from '@grafana/schema';
import { RefreshPicker, TimeRangePicker, ToolbarButton, useStyles2 } from '@grafana/ui';
import { useEffect, useMemo, useState } from 'react';
import { useLocation } from 'react-router-dom';
import type { ChosenFilter } from '../panels/LogsPanel.tsx';
import { Answer } from '../queries/Answer.tsx';
import { QueryRows } from '../queries/QueryRows.tsx';
import { answeredQueries, useAnswer } from '../queries/useAnswer.ts';
import { firstQuery } from '../queries/useQueries.ts';
import { rememberedQueries } from '../saved/queries.ts';
import { exploreAddress, readExploreState } from './exploreState.ts';
import { RememberedList } from './RememberedList.tsx';
import { moved, rangeOf, zoomedOut } from './ranges.ts';
import { SaveButton } from './SaveButton.tsx';
import { useEvery } from './useEvery.ts';
import { Volume } from './Volume.tsx';

const remembered = rememberedQueries();

/** Queries and their answer, with time range and refresh; each change is an address of its own, so that "back" takes it back. */
export function Explore({ datasource }: { datasource: DataSourceApi }) {
  const styles = useStyles2(getStyles);
  const { search } = useLocation();
  const [interval, setInterval] = useState('');
  const [isListOpen, setListOpen] = useState(false);
  const [runs, setRuns] = useState(0);
  const state = useMemo(() => readExploreState(search), [search]);
  const { from, to } = state.range;
  const queries = useMemo(
    () => (state.queries.length > 0 ? state.queries : [firstQuery(datasource)]),
    [state, datasource],
  );
  // A relative range is of now, each time that it is asked for.
  // biome-ignore lint/correctness/useExhaustiveDependencies: "runs" counts how often it is asked for
  const range = useMemo(() => rangeOf({ from, to }), [from, to, runs]);
  const data = useAnswer({ datasource, queries, range });
  useEvery(interval, () => setRuns((count) => count + 1));

  const go = (changed: Partial<typeof state>) =>
    locationService.push(
      exploreAddress({ ...{ datasource: datasource.uid, queries, range: state.range }, ...changed }),
    );
  const goTo = (raw: Parameters<typeof toURLRange>[0]) =>
    go({ range: toURLRange(raw) as typeof state.range });
  useEffect(() => {
    if (data.state === LoadingState.Done && !data.errors && state.queries.length > 0) {
      remembered.ran(queries.map((query) => describe(datasource, query)));
    }
  }, [data, queries, datasource, state]);

  return (
    <>
      <div className={styles.bar}>
        <ToolbarButton
          icon="history"
          variant={isListOpen ? 'active' : 'canvas'}
          aria-label="History and saved"
          aria-expanded={isListOpen}
          onClick={() => setListOpen(!isListOpen)}
        >
          History and saved
        </ToolbarButton>
        <SaveButton
          suggestion={datasource.getQueryDisplayText?.(queries[0]!) ?? ''}
          onSave={(title) => remembered.save({ ...describe(datasource, queries[0]!), title })}
        />
        <span className={styles.spacer} />
        <TimeRangePicker
          value={range}
          timeZone="browser"
          isOnCanvas
          onChange={({ raw }) => goTo(raw)}
          onChangeTimeZone={() => undefined}
          onMoveBackward={() => goTo(moved(range, -1).raw)}
          onMoveForward={() => goTo(moved(range, 1).raw)}
          onZoom={() => goTo(zoomedOut(range).raw)}
        />
        <RefreshPicker
          value={interval}
          text="Run query"
          isOnCanvas
          isLoading={data.state === LoadingState.Loading}
          onRefresh={() => setRuns(runs + 1)}
          onIntervalChanged={setInterval}
        />
      </div>
      {isListOpen && (
        <RememberedList
          remembered={remembered}
          onChoose={({ query }) => go({ queries: [{ ...query, refId: 'A' }] })}
        />
      )}
      <QueryRows
        {...{ datasource, queries, data, range }}
        onChange={(changed) => go({ queries: changed })}
        onRun={() => setRuns((count) => count + 1)}
      />
      <div className={styles.answer}>
        <Volume {...{ datasource, queries: state.queries, range }} onChangeRange={({ raw }) => goTo(raw)} />
      </div>
      <div className={styles.answer}>
        <Answer
          title={titleOf(datasource, answeredQueries(data, queries))}
          data={data}
          onChangeRange={({ raw }) => goTo(raw)}
          onFilter={({ key, value, forIt }) =>
            go({ queries: queries.map((query) => filtered(datasource, query, { key, value, forIt })) })
          }
        />
      </div>
    </>
  );
}

function describe(datasource: DataSourceApi, query: DataQuery) {
  const title = datasource.getQueryDisplayText?.(query) ?? query.refId;
  return { title, datasource: datasource.uid, query, at: Date.now() };
}

function titleOf(datasource: DataSourceApi, queries: readonly DataQuery[]): string {
  const asked = queries.filter(({ hide }) => !hide);
  return asked.length === 1 ? (datasource.getQueryDisplayText?.(asked[0]!) ?? '') : 'Answer';
}

/** A query with a filter more or less, as the data source makes it: by what Grafana's log details call, else as tables do. */
function filtered(
  datasource: DataSourceApi,
  query: DataQuery,
  { key, value, forIt }: ChosenFilter,
): DataQuery {
  const options = { key, value };
  if (hasToggleableQueryFiltersSupport(datasource)) {
    return datasource.toggleQueryFilter(query, { type: forIt ? 'FILTER_FOR' : 'FILTER_OUT', options });
  }
  const type = forIt ? 'ADD_FILTER' : 'ADD_FILTER_OUT';
  return datasource.modifyQuery?.(query, { type, options }) ?? query;
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1),
  }),
  spacer: css({ flexGrow: 1 }),
  answer: css({ marginTop: theme.spacing(1) }),
});
