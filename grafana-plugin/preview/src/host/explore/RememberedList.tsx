import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { IconButton, Tab, TabContent, TabsBar, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import type { RememberedQuery, rememberedQueries } from '../saved/queries.ts';

interface Props {
  remembered: ReturnType<typeof rememberedQueries>;
  onChoose: (query: RememberedQuery) => void;
}

/** The queries that were run, latest first, and those that were saved, each in words: a click asks one again. */
export function RememberedList({ remembered, onChoose }: Props) {
  const styles = useStyles2(getStyles);
  const [tab, setTab] = useState<'history' | 'saved'>('history');
  const [, redraw] = useState(0);
  const queries = tab === 'history' ? remembered.history() : remembered.saved();
  return (
    <section className={styles.list} aria-label="History and saved queries">
      <TabsBar>
        <Tab label="History" active={tab === 'history'} onChangeTab={() => setTab('history')} />
        <Tab label="Saved" active={tab === 'saved'} onChangeTab={() => setTab('saved')} />
      </TabsBar>
      <TabContent className={styles.content}>
        {queries.length === 0 && (
          <p>{tab === 'history' ? 'Nothing was run yet.' : 'Nothing was saved yet.'}</p>
        )}
        <ul className={styles.rows}>
          {queries.map((each) => (
            <li key={`${each.at} ${each.title}`} className={styles.row}>
              <button type="button" className={styles.choose} onClick={() => onChoose(each)}>
                {each.title} <small>{dateTimeFormat(each.at)}</small>
              </button>
              {tab === 'saved' && (
                <IconButton
                  name="trash-alt"
                  tooltip={`Remove ${each.title}`}
                  onClick={() => {
                    remembered.remove(each.title);
                    redraw((count) => count + 1);
                  }}
                />
              )}
            </li>
          ))}
        </ul>
        <p className={styles.note}>Kept in this browser alone.</p>
      </TabContent>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ marginBottom: theme.spacing(1), background: theme.colors.background.primary }),
  content: css({ padding: theme.spacing(1), maxHeight: 260, overflow: 'auto' }),
  rows: css({ listStyle: 'none', margin: 0 }),
  row: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1) }),
  choose: css({
    flexGrow: 1,
    minWidth: 0,
    padding: theme.spacing(0.5, 0),
    border: 0,
    background: 'none',
    textAlign: 'left',
    overflowWrap: 'anywhere',
    '&:hover': { textDecoration: 'underline' },
    '& small': { color: theme.colors.text.secondary },
  }),
  note: css({ margin: 0, color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
});
