import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import world from '@svg-maps/world';
import { memo } from 'react';
import type { CountryValue } from './GeomapPanel.tsx';

/** So that the least is seen too. */
const LEAST = 0.3;

/** The countries of the world; those with a value are filled, the one with the greatest most strongly. */
export default function WorldMap({ values }: { values: readonly CountryValue[] }) {
  const styles = useStyles2(getStyles);
  const most = Math.max(1, ...values.map(({ value }) => value));
  const known = new Map(values.map((value) => [value.country.toLowerCase(), value]));
  return (
    <svg className={styles.map} viewBox={world.viewBox} role="img" aria-label="Map by country">
      {world.locations.map(({ id, name, path }) => {
        const found = known.get(id) ?? known.get(name.toLowerCase());
        return (
          <Country
            key={id}
            path={path}
            className={found ? styles.told : styles.land}
            opacity={found ? LEAST + (1 - LEAST) * (found.value / most) : 1}
            title={found && `${name}: ${found.text}`}
          />
        );
      })}
    </svg>
  );
}

interface CountryProps {
  path: string;
  className: string;
  opacity: number;
  title: string | undefined;
}

/** Most outlines stay as they are when figures come. */
const Country = memo(({ path, className, opacity, title }: CountryProps) => (
  <path d={path} className={className} fillOpacity={opacity}>
    {title && <title>{title}</title>}
  </path>
));

const getStyles = (theme: GrafanaTheme2) => ({
  map: css({ flex: 1, minHeight: 0, width: '100%' }),
  land: css({ fill: theme.colors.background.canvas, stroke: theme.colors.border.weak }),
  told: css({ fill: theme.visualization.getColorByName('blue'), stroke: theme.colors.border.strong }),
});
