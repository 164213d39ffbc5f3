import { type GrafanaTheme2, ThemeContext } from '@grafana/data';
import { LocationServiceProvider, locationService } from '@grafana/runtime';
import { GlobalStyles, LoadingPlaceholder, PortalContainer } from '@grafana/ui';
import { Suspense, useLayoutEffect, useState } from 'react';
import { Route, Router, Routes } from 'react-router-dom';
import { DashboardListPage } from './pages/DashboardListPage.tsx';
import { FirstDashboard } from './pages/FirstDashboard.tsx';
import { NoSuchPage } from './pages/NoSuchPage.tsx';
import { lazyPages } from './routes.ts';

/** The whole page. */
export function App({ theme }: { theme: GrafanaTheme2 }) {
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <LocationServiceProvider service={locationService}>
        <HistoryRouter>
          <Suspense fallback={<LoadingPlaceholder text="Loading…" />}>
            <Routes>
              <Route path="/" element={<FirstDashboard />} />
              <Route path="/dashboards" element={<DashboardListPage />} />
              {lazyPages.map(({ path, Page }) => (
                <Route key={path} path={path} element={<Page />} />
              ))}
              <Route path="*" element={<NoSuchPage />} />
            </Routes>
          </Suspense>
        </HistoryRouter>
      </LocationServiceProvider>
      <PortalContainer />
    </ThemeContext.Provider>
  );
}

/** A router over the history that Grafana's location service writes to, so that scenes and links share one address. */
function HistoryRouter({ children }: { children: React.ReactNode }) {
  const history = locationService.getHistory();
  const [location, setLocation] = useState(history.location);
  useLayoutEffect(() => history.listen(setLocation), [history]);
  return (
    <Router location={location} navigator={history}>
      {children}
    </Router>
  );
}
