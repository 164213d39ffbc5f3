import { css } from '@emotion/css';
import { type DataSourceApi, type GrafanaTheme2, toURLRange } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { FieldSet, LinkButton, useStyles2 } from '@grafana/ui';
import { useMemo, useState } from 'react';
import { useLocation } from 'react-router-dom';
import { exploreAddress, readExploreState } from '../explore/exploreState.ts';
import { rangeOf } from '../explore/ranges.ts';
import { Answer } from '../queries/Answer.tsx';
import { answeredQueries, useAnswer } from '../queries/useAnswer.ts';
import { firstQuery } from '../queries/useQueries.ts';

/** A data source's query editor over its answer. The query is in the address, as Explore has it. */
export function QuerySection({ datasource }: { datasource: DataSourceApi }) {
  const styles = useStyles2(getStyles);
  const { search } = useLocation();
  const [runs, setRuns] = useState(0);
  const state = useMemo(() => readExploreState(search), [search]);
  const query = useMemo(() => state.queries[0] ?? firstQuery(datasource), [state, datasource]);
  const queries = useMemo(() => [query], [query]);
  const { from, to } = state.range;
  // biome-ignore lint/correctness/useExhaustiveDependencies: "runs" counts how often it is asked for
  const range = useMemo(() => rangeOf({ from, to }), [from, to, runs]);
  const data = useAnswer({ datasource, queries, range });
  const explore = (changed: Partial<typeof state>) =>
    exploreAddress({ datasource: datasource.uid, queries, range: { from, to }, ...changed });
  const go = (changed: Partial<typeof state>) =>
    locationService.replace(explore(changed).replace('/explore', '/editor'));
  const Editor = datasource.components?.QueryEditor;
  return (
    <FieldSet label="Query">
      {Editor && (
        <Editor
          {...{ datasource, query, data, range }}
          onChange={(changed) => go({ queries: [changed] })}
          onRunQuery={() => setRuns((count) => count + 1)}
        />
      )}
      <div className={styles.answer}>
        <Answer
          title={datasource.getQueryDisplayText?.(answeredQueries(data, queries)[0]!) ?? ''}
          data={data}
          onChangeRange={({ raw }) => go({ range: toURLRange(raw) as typeof state.range })}
        />
      </div>
      <LinkButton variant="secondary" icon="compass" href={explore({})}>
        Open in Explore
      </LinkButton>
    </FieldSet>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ answer: css({ margin: theme.spacing(2, 0) }) });
