import { Dropdown, LinkButton, Menu, ToolbarButton } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { useLocation } from 'react-router-dom';
import { type DashboardHit, type DashboardLink, listDashboards } from '../api.ts';
import { linkAddress } from './linkAddress.ts';

/** A link that can be followed. */
interface Target {
  title: string;
  url: string;
  blank: boolean;
}

/** The links of a dashboard: to addresses, and to all dashboards with some tags, which are a menu. */
export function DashboardLinks({ links }: { links: readonly DashboardLink[] }) {
  const { search, pathname } = useLocation();
  const [dashboards, setDashboards] = useState<DashboardHit[]>([]);
  useEffect(() => {
    if (links.some(({ type }) => type === 'dashboards')) void listDashboards().then(setDashboards);
  }, [links]);
  return links.map((link) => {
    const { title, type = 'link', tooltip = '', url = '', targetBlank: blank = false } = link;
    if (type === 'link') {
      return (
        <LinkButton
          key={title}
          {...{ variant: 'secondary', size: 'sm', tooltip }}
          href={linkAddress(url, link, search)}
        >
          {title}
        </LinkButton>
      );
    }
    const targets = dashboards
      .filter(
        ({ tags, url: its }) => its !== pathname && (link.tags ?? []).every((tag) => tags.includes(tag)),
      )
      .map((hit): Target => ({ title: hit.title, url: linkAddress(hit.url, link, search), blank }));
    return (
      <Dropdown key={title} overlay={<LinkMenu targets={targets} />}>
        <ToolbarButton
          icon="apps"
          isOpen={false}
          tooltip={tooltip}
          variant="canvas"
          aria-label={`Dashboards: ${title}`}
        >
          {title}
        </ToolbarButton>
      </Dropdown>
    );
  });
}

function LinkMenu({ targets }: { targets: readonly Target[] }) {
  return (
    <Menu>
      {targets.map(({ title, url, blank }) => (
        <Menu.Item key={url} label={title} url={url} target={blank ? '_blank' : '_self'} />
      ))}
    </Menu>
  );
}
