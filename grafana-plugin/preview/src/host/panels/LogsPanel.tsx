import { css } from '@emotion/css';
import { type DataFrame, dateTimeFormat, type GrafanaTheme2, type PanelProps } from '@grafana/data';
import { IconButton, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { NoData } from './NoData.tsx';

/** A filter that was chosen at a detail of a line. */
export interface ChosenFilter {
  key: string;
  value: string;
  /** False: the value is filtered out. */
  forIt: boolean;
}

interface Props extends PanelProps {
  /** @default nothing can be filtered by, as in dashboards */
  onFilter?: (filter: ChosenFilter) => void;
}

/** Log lines, in the order of their frame: time, severity, text. A click on one opens its details, to be filtered by in Explore. */
export function LogsPanel({ data, timeZone, onFilter }: Props) {
  const styles = useStyles2(getStyles);
  const lines = data.series.flatMap(linesOf);
  if (lines.length === 0) return <NoData data={data} />;
  return (
    <ul className={styles.list} aria-label="Log lines">
      {lines.map((line) => (
        <LogLine key={line.id} line={line} timeZone={timeZone} {...(onFilter ? { onFilter } : {})} />
      ))}
    </ul>
  );
}

function LogLine({ line, timeZone, onFilter }: Pick<Props, 'timeZone' | 'onFilter'> & { line: Line }) {
  const styles = useStyles2(getStyles);
  const [isOpen, setOpen] = useState(false);
  const { time, severity, body, labels } = line;
  return (
    <li className={styles.line}>
      <button type="button" className={styles.text} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {dateTimeFormat(time, { timeZone })} {severity} {body}
      </button>
      {isOpen && (
        <table className={styles.details}>
          <tbody>
            {Object.entries(labels).map(([key, value]) => (
              <tr key={key}>
                {onFilter && (
                  <td className={styles.filters}>
                    <IconButton
                      name="search-plus"
                      tooltip={`Filter for ${key} ${value}`}
                      onClick={() => onFilter({ key, value, forIt: true })}
                    />
                    <IconButton
                      name="search-minus"
                      tooltip={`Filter out ${key} ${value}`}
                      onClick={() => onFilter({ key, value, forIt: false })}
                    />
                  </td>
                )}
                <th scope="row">{key}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </li>
  );
}

interface Line {
  id: string;
  /** Epoch ms. */
  time: number;
  severity: string;
  body: string;
  labels: Record<string, string>;
}

function linesOf({ fields, length }: DataFrame): Line[] {
  const column = (name: string) => fields.find((field) => field.name === name)?.values ?? [];
  const [time, body, severity, id, labels] = ['timestamp', 'body', 'severity', 'id', 'labels'].map(column);
  return Array.from({ length }, (_, row) => ({
    id: String(id?.[row]),
    time: Number(time?.[row]),
    severity: String(severity?.[row]),
    body: String(body?.[row]),
    labels: (labels?.[row] as Record<string, string> | undefined) ?? {},
  }));
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ height: '100%', margin: 0, overflow: 'auto', listStyle: 'none' }),
  line: css({
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    overflowWrap: 'anywhere',
    '&:hover': { background: theme.colors.action.hover },
  }),
  text: css({
    width: '100%',
    padding: theme.spacing(0.25, 1),
    border: 0,
    background: 'none',
    font: 'inherit',
    textAlign: 'left',
  }),
  details: css({
    margin: theme.spacing(0, 2, 1),
    '& th': {
      padding: theme.spacing(0, 1),
      fontWeight: 'normal',
      color: theme.colors.text.secondary,
      textAlign: 'left',
    },
  }),
  filters: css({ whiteSpace: 'nowrap', '& button': { verticalAlign: 'middle' } }),
});
