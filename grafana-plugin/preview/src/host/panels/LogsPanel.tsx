import { css } from '@emotion/css';
import { type DataFrame, dateTimeFormat, type GrafanaTheme2, type PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { NoData } from './NoData.tsx';

/** Log lines, in the order of their frame: time, severity, text. */
export function LogsPanel({ data, timeZone }: PanelProps) {
  const styles = useStyles2(getStyles);
  const lines = data.series.flatMap(linesOf);
  if (lines.length === 0) return <NoData data={data} />;
  return (
    <ul className={styles.list} aria-label="Log lines">
      {lines.map(({ id, time, severity, body }) => (
        <li key={id} className={styles.line}>
          {dateTimeFormat(time, { timeZone })} {severity} {body}
        </li>
      ))}
    </ul>
  );
}

interface Line {
  id: string;
  /** Epoch ms. */
  time: number;
  severity: string;
  body: string;
}

function linesOf({ fields, length }: DataFrame): Line[] {
  const column = (name: string) => fields.find((field) => field.name === name)?.values ?? [];
  const [time, body, severity, id] = ['timestamp', 'body', 'severity', 'id'].map(column);
  return Array.from({ length }, (_, row) => ({
    id: String(id?.[row]),
    time: Number(time?.[row]),
    severity: String(severity?.[row]),
    body: String(body?.[row]),
  }));
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ height: '100%', margin: 0, overflow: 'auto', listStyle: 'none' }),
  line: css({
    padding: theme.spacing(0.25, 1),
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    overflowWrap: 'anywhere',
  }),
});
