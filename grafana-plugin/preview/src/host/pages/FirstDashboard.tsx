import { Navigate } from 'react-router-dom';
import { listDashboards } from '../api.ts';
import { DashboardListPage } from './DashboardListPage.tsx';
import { Loaded } from './Loaded.tsx';

/** What a dashboard is tagged with that is to be opened first, as Grafana's home dashboard is set elsewhere. */
const HOME = 'home';

/** Opens the home dashboard, else the first; without any, the (empty) list. */
export function FirstDashboard() {
  return (
    <Loaded of="dashboards" load={listDashboards}>
      {(dashboards) => {
        const home = dashboards.find(({ tags }) => tags.includes(HOME)) ?? dashboards[0];
        return home ? (
          <Navigate to={`${home.url}${window.location.search}`} replace />
        ) : (
          <DashboardListPage />
        );
      }}
    </Loaded>
  );
}
