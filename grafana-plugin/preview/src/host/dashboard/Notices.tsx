import { css } from '@emotion/css';
import type { DataFrame, GrafanaTheme2, QueryResultMetaNotice } from '@grafana/data';
import { Icon, type IconName, PanelChrome, Tooltip, useStyles2 } from '@grafana/ui';

const ICONS: Readonly<Record<QueryResultMetaNotice['severity'], IconName>> = {
  info: 'info-circle',
  warning: 'exclamation-triangle',
  error: 'exclamation-circle',
};
const GRAVEST = ['error', 'warning', 'info'] as const;

/** Says in a panel's header that its answer has remarks, as Grafana does: each once, read by pointing at it or reaching it by keyboard. */
export function Notices({ frames }: { frames: readonly DataFrame[] }) {
  const styles = useStyles2(getStyles);
  const notices = frames.flatMap(({ meta }) => meta?.notices ?? []);
  const texts = [...new Set(notices.map(({ text }) => text))];
  const severity = GRAVEST.find((each) => notices.some((notice) => notice.severity === each));
  if (texts.length === 0 || severity === undefined) return null;
  return (
    <PanelChrome.TitleItem>
      <Tooltip content={<Texts texts={texts} />} interactive>
        <button type="button" aria-label={texts.join(' ')} className={styles[severity]}>
          <Icon name={ICONS[severity]} size="sm" />
        </button>
      </Tooltip>
    </PanelChrome.TitleItem>
  );
}

function Texts({ texts }: { texts: readonly string[] }) {
  return texts.map((text) => <div key={text}>{text}</div>);
}

const getStyles = (theme: GrafanaTheme2) => {
  const button = { border: 0, padding: 0, background: 'none', cursor: 'help' };
  return {
    info: css({ ...button, color: 'inherit' }),
    warning: css({ ...button, color: theme.colors.warning.text }),
    error: css({ ...button, color: theme.colors.error.text }),
  };
};
