import { Navigate } from 'react-router-dom';
import { listDashboards } from '../api.ts';
import { DashboardListPage } from './DashboardListPage.tsx';
import { Loaded } from './Loaded.tsx';

/** Opens the first dashboard; without any, the (empty) list. */
export function FirstDashboard() {
  return (
    <Loaded of="dashboards" load={listDashboards}>
      {([first]) =>
        first ? <Navigate to={`${first.url}${window.location.search}`} replace /> : <DashboardListPage />
      }
    </Loaded>
  );
}
