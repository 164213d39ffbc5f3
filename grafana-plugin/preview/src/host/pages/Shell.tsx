import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { Icon, IconButton, type IconName, useStyles2 } from '@grafana/ui';
import { type ReactNode, useEffect } from 'react';
import { Link, useLocation } from 'react-router-dom';
import { isKiosk } from './kiosk.ts';

/** The frame around every page: where one is, and where one can go. In kiosk mode there is none; Escape ends it. */
export function Shell({ title, children }: { title: string; children: ReactNode }) {
  const styles = useStyles2(getStyles);
  const { search, pathname } = useLocation();
  const kiosk = isKiosk(search);
  useEffect(() => {
    if (!kiosk) return;
    const leave = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') locationService.partial({ kiosk: null });
    };
    document.addEventListener('keydown', leave);
    return () => document.removeEventListener('keydown', leave);
  }, [kiosk]);
  return (
    <div className={styles.page}>
      {!kiosk && (
        <header className={styles.bar}>
          <Link to="/dashboards" className={styles.link} aria-label="Dashboards">
            <img
              className={styles.logo}
              src="/public/plugins/storepulse-commerce-datasource/img/logo.svg"
              alt=""
            />
            <span className={styles.word}>Dashboards</span>
          </Link>
          <Icon name="angle-right" />
          <h1 className={styles.title}>{title}</h1>
          <nav className={styles.nav} aria-label="Pages">
            {pathname.startsWith('/d/') && (
              <IconButton
                name="monitor"
                tooltip="Kiosk mode: the dashboard alone, until Escape"
                onClick={() => locationService.partial({ kiosk: true })}
              />
            )}
            <Place to="/explore" icon="compass" name="Explore" />
            <a href="/simulator" className={styles.link} aria-label="Traffic">
              <Icon name="play" /> <span className={styles.word}>Traffic</span>
            </a>
            <Place to="/editor" icon="sliders-v-alt" name="Data source" />
          </nav>
        </header>
      )}
      {kiosk && (
        <button
          type="button"
          className={styles.leave}
          onClick={() => locationService.partial({ kiosk: null })}
        >
          Leave kiosk mode
        </button>
      )}
      <main className={cx(styles.content, kiosk && styles.kiosk)}>{children}</main>
    </div>
  );
}

function Place({ to, icon, name }: { to: string; icon: IconName; name: string }) {
  const styles = useStyles2(getStyles);
  return (
    <Link to={to} className={styles.link} aria-label={name}>
      <Icon name={icon} /> <span className={styles.word}>{name}</span>
    </Link>
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
  nav: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(2),
    marginLeft: 'auto',
    flexShrink: 0,
  }),
  link: css({
    display: 'flex',
    alignItems: 'center',
    flexShrink: 0,
    gap: theme.spacing(1),
    // A finger needs as much.
    minHeight: theme.spacing(4),
    color: theme.colors.text.secondary,
    '&:hover': { color: theme.colors.text.primary, textDecoration: 'underline' },
  }),
  // On a phone the icons stand for the words, which screen readers still read.
  word: css({ [theme.breakpoints.down('sm')]: { display: 'none' } }),
  title: css({
    ...theme.typography.body,
    margin: 0,
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    color: theme.colors.text.primary,
  }),
  content: css({
    flexGrow: 1,
    minHeight: 0,
    overflow: 'auto',
    padding: theme.spacing(1, 2, 2),
    [theme.breakpoints.down('sm')]: { padding: theme.spacing(1) },
  }),
  kiosk: css({ padding: theme.spacing(1) }),
  // There for fingers and the Tab key, and not to be seen from afar.
  leave: css({
    ...{ position: 'fixed', right: theme.spacing(1), bottom: theme.spacing(1), zIndex: theme.zIndex.tooltip },
    padding: theme.spacing(0.5, 1),
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.secondary,
    color: theme.colors.text.secondary,
    '&:not(:hover):not(:focus-visible)': { '@media (hover: hover)': { opacity: 0 } },
  }),
});
