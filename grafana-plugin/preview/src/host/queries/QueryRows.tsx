import { css } from '@emotion/css';
import type { DataSourceApi, GrafanaTheme2, PanelData, TimeRange } from '@grafana/data';
import type { DataQuery } from '@grafana/schema';
import { Button, IconButton, Stack, useStyles2 } from '@grafana/ui';
import { withOneMore } from './useQueries.ts';

interface Props {
  datasource: DataSourceApi;
  queries: readonly DataQuery[];
  /** What they answered, for the hints of their editors. */
  data: PanelData;
  range: TimeRange;
  onChange: (queries: DataQuery[]) => void;
  /** Called where an editor asks to run, although nothing in it has changed. */
  onRun: () => void;
}

/** Queries, each in the data source's editor: added, copied, hidden and removed as in Grafana. */
export function QueryRows({ datasource, queries, data, range, onChange, onRun }: Props) {
  const styles = useStyles2(getStyles);
  const Editor = datasource.components?.QueryEditor;
  const replace = (at: number, query: DataQuery) =>
    onChange(queries.map((each, n) => (n === at ? query : each)));
  return (
    <Stack direction="column" gap={1}>
      {queries.map((query, at) => (
        <section key={query.refId} className={styles.row} aria-label={`Query ${query.refId}`}>
          <header className={styles.head}>
            <span className={styles.letter}>{query.refId}</span>
            <span className={styles.text}>{datasource.getQueryDisplayText?.(query)}</span>
            <IconButton
              name={query.hide ? 'eye-slash' : 'eye'}
              tooltip={query.hide ? 'Ask this query again' : 'Do not ask this query'}
              onClick={() => replace(at, { ...query, hide: !query.hide })}
            />
            <IconButton
              name="copy"
              tooltip="Duplicate query"
              onClick={() => onChange(withOneMore(queries, datasource, query))}
            />
            <IconButton
              name="trash-alt"
              tooltip="Remove query"
              disabled={queries.length === 1}
              onClick={() => onChange(queries.filter((_, n) => n !== at))}
            />
          </header>
          {Editor && (
            <Editor
              datasource={datasource}
              query={query}
              data={data}
              range={range}
              onChange={(changed) => replace(at, changed)}
              onRunQuery={onRun}
            />
          )}
        </section>
      ))}
      <div>
        <Button variant="secondary" icon="plus" onClick={() => onChange(withOneMore(queries, datasource))}>
          Add query
        </Button>
      </div>
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({
    padding: theme.spacing(1),
    background: theme.colors.background.secondary,
    borderRadius: theme.shape.radius.default,
  }),
  head: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), marginBottom: theme.spacing(1) }),
  letter: css({ color: theme.colors.text.link, fontWeight: theme.typography.fontWeightMedium }),
  text: css({
    flexGrow: 1,
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
