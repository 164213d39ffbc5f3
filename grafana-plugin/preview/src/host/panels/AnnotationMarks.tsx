import { css } from '@emotion/css';
import type { DataFrame, GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { useLayoutEffect, useMemo, useReducer, useState } from 'react';
import { createPortal } from 'react-dom';
import type uPlot from 'uplot';

/** What of the builder of a graph is used: its hooks. */
interface Hooks {
  addHook(type: 'ready' | 'draw', hook: (plot: uPlot) => void): void;
}

interface Props {
  /** The builder of the graph that is marked. */
  config: Hooks;
  /** What happened, as scenes hand it over: one row each. */
  annotations: readonly DataFrame[];
}

/** Something that happened, epoch ms. */
interface Mark {
  from: number;
  /** The same instant as `from` for a moment. */
  to: number;
  color: string;
  text: string;
}

/** Marks a graph with what happened: a line for a moment, a band for what lasted. A pointer on its foot reads what it was. */
export function AnnotationMarks({ config, annotations }: Props) {
  const styles = useStyles2(getStyles);
  const [plot, setPlot] = useState<uPlot>();
  const [, redraw] = useReducer((draws: number) => draws + 1, 0);
  const marks = useMemo(() => annotations.flatMap(marksOf), [annotations]);
  useLayoutEffect(() => {
    // Scales are known once it has drawn; a component must not change while another one is being put up.
    config.addHook('ready', (ready) => void setTimeout(() => setPlot(ready)));
    config.addHook('draw', () => void setTimeout(redraw));
  }, [config]);
  if (!plot) return null;
  const min = plot.scales.x?.min ?? 0;
  const max = plot.scales.x?.max ?? 0;
  const shown = marks.filter(({ from, to }) => to >= min && from <= max);
  return createPortal(
    shown.map(({ from, to, color, text }) => {
      const left = plot.valToPos(Math.max(from, min), 'x');
      const width = Math.max(0, plot.valToPos(Math.min(to, max), 'x') - left);
      return (
        <div key={`${from} ${text}`} className={styles.mark} style={{ left, width, borderColor: color }}>
          {width > 0 && <div className={styles.band} style={{ background: color }} />}
          <div
            className={styles.foot}
            style={{ background: color }}
            role="img"
            aria-label={text}
            title={text}
          />
        </div>
      );
    }),
    plot.over,
  );
}

function marksOf({ fields, length }: DataFrame): Mark[] {
  const valueAt = (name: string, row: number): unknown =>
    fields.find((field) => field.name === name)?.values[row];
  return Array.from({ length }, (_, row) => {
    const from = Number(valueAt('time', row));
    const told = [valueAt('title', row), valueAt('text', row)].filter((text) => text);
    return {
      from,
      to: Number(valueAt('timeEnd', row) ?? from),
      color: String(valueAt('color', row) ?? 'orange'),
      text: told.join(': '),
    };
  });
}

const getStyles = (theme: GrafanaTheme2) => ({
  mark: css({
    position: 'absolute',
    top: 0,
    bottom: 0,
    borderLeft: '1px dashed',
    // The graph beneath is for the pointer: to read values and to zoom.
    pointerEvents: 'none',
  }),
  band: css({ position: 'absolute', inset: 0, opacity: 0.1 }),
  foot: css({
    position: 'absolute',
    bottom: 0,
    left: -3,
    width: 6,
    height: 6,
    borderRadius: theme.shape.radius.default,
    pointerEvents: 'auto',
  }),
});
