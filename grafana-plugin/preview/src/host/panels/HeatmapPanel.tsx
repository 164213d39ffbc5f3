import { css } from '@emotion/css';
import {
  type DataFrame,
  FieldType,
  type GrafanaTheme2,
  getFieldDisplayName,
  type PanelProps,
} from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { hasNumbers, NoData } from './NoData.tsx';

/** A heat map of rows: a line for each range of values, named by its greatest; the more values, the stronger the colour. */
export function HeatmapPanel({ data }: PanelProps) {
  const styles = useStyles2(getStyles);
  const [frame] = data.series;
  if (!frame || !hasNumbers(data)) return <NoData data={data} />;
  const rows = rowsOf(frame);
  const most = Math.max(1, ...rows.flatMap(({ counts }) => counts.map((count) => count ?? 0)));
  return (
    <table className={styles.table}>
      <tbody>
        {rows.map(({ name, counts }) => (
          <tr key={name}>
            <th className={styles.name}>≤ {name}</th>
            {counts.map((count, column) => (
              <td
                // A cell has no identity but its place.
                // biome-ignore lint/suspicious/noArrayIndexKey: cells are never reordered
                key={column}
                className={styles.cell}
                style={{ opacity: (count ?? 0) / most }}
                title={count ? `${count}` : undefined}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The greatest values stand on top. */
function rowsOf(frame: DataFrame): { name: string; counts: (number | null)[] }[] {
  return frame.fields
    .filter(({ type }) => type === FieldType.number)
    .map((field) => ({ name: getFieldDisplayName(field, frame), counts: field.values }))
    .reverse();
}

const getStyles = (theme: GrafanaTheme2) => ({
  table: css({ width: '100%', height: '100%', tableLayout: 'fixed', borderCollapse: 'collapse' }),
  name: css({ width: 64, fontSize: theme.typography.bodySmall.fontSize, fontWeight: 'normal' }),
  cell: css({ background: theme.visualization.getColorByName('orange') }),
});
