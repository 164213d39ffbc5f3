import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';

/** The frame around every page: where one is, and where one can go. */
export function Shell({ title, children }: { title: string; children: ReactNode }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <Link to="/dashboards" className={styles.link}>
          <img
            className={styles.logo}
            src="/public/plugins/storepulse-commerce-datasource/img/logo.svg"
            alt=""
          />
          Dashboards
        </Link>
        <Icon name="angle-right" />
        <h1 className={styles.title}>{title}</h1>
        <span className={styles.spacer} />
        <a href="/simulator" className={styles.link}>
          <Icon name="play" /> Traffic
        </a>
        <Link to="/editor" className={styles.link}>
          <Icon name="sliders-v-alt" /> Data source
        </Link>
      </header>
      <main className={styles.content}>{children}</main>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({
    height: '100%',
    display: 'flex',
    flexDirection: 'column',
    background: theme.colors.background.canvas,
  }),
  bar: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    height: theme.spacing(5),
    padding: theme.spacing(0, 2),
    flexShrink: 0,
    background: theme.colors.background.primary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    color: theme.colors.text.secondary,
  }),
  logo: css({ width: 20, height: 20 }),
  link: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    color: theme.colors.text.secondary,
    '&:hover': { color: theme.colors.text.primary, textDecoration: 'underline' },
  }),
  title: css({ ...theme.typography.body, margin: 0, color: theme.colors.text.primary }),
  spacer: css({ flexGrow: 1 }),
  content: css({ flexGrow: 1, minHeight: 0, overflow: 'auto', padding: theme.spacing(1, 2, 2) }),
});
