import { Card, TagList } from '@grafana/ui';
import { listDashboards } from '../api.ts';
import { Loaded } from './Loaded.tsx';
import { Shell } from './Shell.tsx';

/** All provisioned dashboards. */
export function DashboardListPage() {
  return (
    <Shell title="All">
      <Loaded of="dashboards" load={listDashboards}>
        {(dashboards) =>
          dashboards.map(({ uid, title, url, tags }) => (
            <Card key={uid} href={url} noMargin>
              <Card.Heading>{title}</Card.Heading>
              <Card.Tags>
                <TagList tags={tags} />
              </Card.Tags>
            </Card>
          ))
        }
      </Loaded>
    </Shell>
  );
}
