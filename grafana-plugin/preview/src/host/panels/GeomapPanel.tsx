import { css } from '@emotion/css';
import {
  type DataFrame,
  FieldType,
  formattedValueToString,
  type GrafanaTheme2,
  type PanelProps,
} from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { lazy, Suspense, useMemo } from 'react';
import { hasNumbers, NoData } from './NoData.tsx';

/** What is known of a country. */
export interface CountryValue {
  /** As the data has it: a code of two letters, or a name. */
  country: string;
  value: number;
  /** The value as people read it. */
  text: string;
}

/** The outlines are large, and one dashboard shows them: they are read once a map is drawn. */
const WorldMap = lazy(() => import('./WorldMap.tsx'));

/** Values of countries on a map: the greater, the stronger the colour. Grafana draws a dot in each; here its outline is filled. */
export function GeomapPanel({ data }: PanelProps) {
  const styles = useStyles2(getStyles);
  const values = useMemo(() => data.series.flatMap(valuesOf), [data.series]);
  if (values.length === 0 || !hasNumbers(data)) return <NoData data={data} />;
  return (
    <div className={styles.frame}>
      <Suspense fallback={null}>
        <WorldMap values={values} />
      </Suspense>
      <ul className={styles.list}>
        {values.map(({ country, text }) => (
          <li key={country}>
            {country} {text}
          </li>
        ))}
      </ul>
    </div>
  );
}

function valuesOf({ fields }: DataFrame): CountryValue[] {
  const countries = fields.find(({ type }) => type === FieldType.string);
  const numbers = fields.find(({ type }) => type === FieldType.number);
  if (!countries || !numbers) return [];
  return countries.values.map((country: string, row: number) => {
    const value: number = numbers.values[row] ?? 0;
    const text = numbers.display ? formattedValueToString(numbers.display(value)) : String(value);
    return { country, value, text };
  });
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({ height: '100%', display: 'flex', flexDirection: 'column' }),
  list: css({
    ...{ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5, 2), margin: 0, listStyle: 'none' },
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
