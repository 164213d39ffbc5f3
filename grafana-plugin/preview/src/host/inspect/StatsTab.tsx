import { formattedValueToString, getValueFormat, type PanelData } from '@grafana/data';

/** How much was asked and answered, how long that took, and what the data source says of the cost. */
export function StatsTab({ data: { request, series } }: { data: PanelData }) {
  const took = request?.endTime === undefined ? undefined : request.endTime - request.startTime;
  const own = new Map(
    series.flatMap(({ meta }) =>
      (meta?.stats ?? []).map(({ displayName = '', value, unit }) => {
        const shown = formattedValueToString(getValueFormat(unit)(value));
        return [displayName, shown] as const;
      }),
    ),
  );
  const rows: (readonly [string, string | number])[] = [
    ['Queries', request?.targets.length ?? 0],
    ['Frames', series.length],
    ['Rows', series.reduce((sum, { length }) => sum + length, 0)],
    ...(took === undefined ? [] : [['Time from question to answer', `${took} ms`] as const]),
    ...own,
  ];
  return (
    <table>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row" style={{ paddingRight: 24, fontWeight: 'normal', textAlign: 'left' }}>
              {name}
            </th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
