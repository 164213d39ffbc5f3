import { type GrafanaTheme2, ThemeContext } from '@grafana/data';
import { LocationServiceProvider, locationService } from '@grafana/runtime';
import { GlobalStyles, PortalContainer } from '@grafana/ui';
import { useLayoutEffect, useState } from 'react';
import { Route, Router, Routes } from 'react-router-dom';
import { DashboardListPage } from './pages/DashboardListPage.tsx';
import { DashboardPage } from './pages/DashboardPage.tsx';
import { EditorPage } from './pages/EditorPage.tsx';
import { FirstDashboard } from './pages/FirstDashboard.tsx';

/** The whole page: addresses as in Grafana (`/d/<uid>`), and `/editor` for the data source's editors. */
export function App({ theme }: { theme: GrafanaTheme2 }) {
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <LocationServiceProvider service={locationService}>
        <HistoryRouter>
          <Routes>
            <Route path="/" element={<FirstDashboard />} />
            <Route path="/dashboards" element={<DashboardListPage />} />
            <Route path="/d/:uid/*" element={<DashboardPage />} />
            <Route path="/editor" element={<EditorPage />} />
          </Routes>
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
