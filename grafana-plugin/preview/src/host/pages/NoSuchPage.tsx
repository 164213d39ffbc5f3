import { Alert } from '@grafana/ui';
import { Shell } from './Shell.tsx';

/** What is shown for an address that leads nowhere. */
export function NoSuchPage() {
  return (
    <Shell title="No such page">
      <Alert title="There is nothing at this address.">
        The dashboards are at <a href="/dashboards">/dashboards</a>.
      </Alert>
    </Shell>
  );
}
