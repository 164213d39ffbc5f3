import { type DashboardSpec, STOREPULSE } from './model.ts';
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
              name: 'What happened in the shop',
              enable: true,
              iconColor: 'orange',
              datasource: STOREPULSE,
              target: { refId: 'Anno', queryType: 'annotations', shop: '$shop' },
            },
          ],
    },
    links: [LINK],
    fiscalYearStartMonth: 0,
    liveNow: false,
    preload: false,
    templating: { list: variables },
    panels: placed(spec),
  };
}

function placed({ uid, rows }: DashboardSpec): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    let x = 0;
    for (const { title, json, width, height } of row) {
      const { type, ...rest } = json;
      panels.push({
        id: panels.length + 1,
        type,
        title,
        gridPos: { x, y, w: width, h: height },
        ...rest,
      });
      x += width;
    }
    if (x > 24) throw new RangeError(`${uid}: "${row[0]?.title}" begins a row of ${x} columns`);
    y += Math.max(...row.map(({ height }) => height));
  }
  return panels;
}
