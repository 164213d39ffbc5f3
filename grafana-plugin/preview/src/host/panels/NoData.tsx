import { css } from '@emotion/css';
import type { PanelData } from '@grafana/data';

const centred = css({
  height: '100%',
  display: 'flex',
  alignItems: 'center',
  justifyContent: 'center',
  textAlign: 'center',
  opacity: 0.65,
});

/** What a panel shows that has nothing to draw: the reason, when there is one. */
export function NoData({ data }: { data: PanelData }) {
  const reason = data.errors?.[0]?.message;
  return <div className={centred}>{reason ?? 'No data'}</div>;
}

/** True when there is a number to draw. */
export function hasNumbers({ series }: PanelData): boolean {
  return series.some(({ length, fields }) => length > 0 && fields.some(({ type }) => type === 'number'));
}
