import { type DashboardSpec, type PageLink, STOREPULSE } from './model.ts';
import { SHOP } from './variables.ts';

const LINK = {
  type: 'dashboards',
  title: 'Storepulse',
  tags: ['storepulse'],
  asDropdown: false,
  includeVars: true,
  keepTime: true,
  targetBlank: false,
  icon: 'external link',
  tooltip: 'The other dashboards of the shop',
  url: '',
};

/** A dashboard's classic JSON. @throws {RangeError} when the panels of a row don't fit beside each other */
export function dashboard(spec: DashboardSpec): object {
  const { uid, title, description, refresh, from, variables } = spec;
  const isOfShop = variables.includes(SHOP);
  return {
    ...{ uid, title, description },
    tags: ['storepulse', ...(spec.isHome ? ['home'] : [])],
    schemaVersion: 41,
    version: 1,
    editable: true,
    graphTooltip: 1,
    timezone: 'browser',
    weekStart: '',
    refresh,
    time: { from, to: 'now' },
    timepicker: { refresh_intervals: ['5s', '10s', '30s', '1m', '5m'] },
    annotations: {
      list: !isOfShop
        ? []
        : [
            {
              name: 'What happened',
              enable: true,
              iconColor: 'orange',
              datasource: STOREPULSE,
              target: { refId: 'Anno', queryType: 'annotations', shop: '$shop' },
            },
          ],
    },
    links: [LINK, ...(spec.links ?? []).map(pageLink)],
    fiscalYearStartMonth: 0,
    liveNow: false,
    preload: false,
    templating: { list: variables },
    panels: placed(spec),
  };
}

const pageLink = (link: PageLink) => ({
  ...LINK,
  ...{ type: 'link', tags: [], includeVars: false, keepTime: false, targetBlank: true },
  ...link,
});

function placed({ uid, rows }: DashboardSpec): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    let x = 0;
    let end = y;
    for (const one of row) {
      const column = [one].flat();
      let top = y;
      for (const { title, json, width, height } of column) {
        const { type, ...rest } = json;
        panels.push({
          id: panels.length + 1,
          type,
          title,
          gridPos: { x, y: top, w: width, h: height },
          ...rest,
        });
        top += height;
      }
      x += Math.max(...column.map(({ width }) => width));
      end = Math.max(end, top);
    }
    if (x > 24) throw new RangeError(`${uid}: a row of ${x} columns begins at ${y}`);
    y = end;
  }
  return panels;
}
