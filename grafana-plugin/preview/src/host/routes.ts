import { type ComponentType, lazy } from 'react';

/** A page of its own file, which is fetched when it is needed first. */
interface Route {
  path: string;
  /** What its address begins with. */
  begins: string;
  load: () => Promise<{ default: ComponentType }>;
}

const toDefault = (page: ComponentType) => ({ default: page });

const dashboard = () =>
  import('./pages/DashboardPage.tsx').then(async ({ DashboardPage, prepare }) => {
    await prepare();
    return toDefault(DashboardPage);
  });

/** Addresses as in Grafana (`/d/<uid>`), and `/editor` for the data source's editors. */
const ROUTES: readonly Route[] = [
  { path: '/d/:uid/*', begins: '/d/', load: dashboard },
  {
    ...{ path: '/explore', begins: '/explore' },
    load: () => import('./explore/ExplorePage.tsx').then(({ ExplorePage }) => toDefault(ExplorePage)),
  },
  {
    ...{ path: '/editor', begins: '/editor' },
    load: () => import('./pages/EditorPage.tsx').then(({ EditorPage }) => toDefault(EditorPage)),
  },
];

/** The pages that are fetched when they are needed. */
export const lazyPages = ROUTES.map(({ path, load }) => ({ path, Page: lazy(load) }));

/** Begins to fetch the page of an address, while everything else starts; the first page leads to a dashboard. */
export function fetchPage(pathname: string): void {
  const route = ROUTES.find(({ begins }) => pathname.startsWith(begins));
  if (route) void route.load();
  else if (pathname === '/') void dashboard();
}
