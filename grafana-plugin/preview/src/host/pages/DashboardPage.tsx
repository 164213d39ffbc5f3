import { initPluginTranslations } from '@grafana/i18n';
import { loadResources, UrlSyncContextProvider } from '@grafana/scenes';
import { useEffect, useMemo, useState } from 'react';
import { useParams } from 'react-router-dom';
import { type Dashboard, getDashboard } from '../api.ts';
import { openScene } from '../dashboard/openScene.ts';
import { toScene } from '../dashboard/toScene.ts';
import { Loaded } from './Loaded.tsx';
import { Shell } from './Shell.tsx';

/** Gets the texts that dashboards need, before the first is shown. */
export async function prepare(): Promise<void> {
  await initPluginTranslations('grafana-scenes', [loadResources]);
}

/** A dashboard; its time range, refresh and variables are in the address (`from`, `to`, `var-shop`) as in Grafana. */
export function DashboardPage() {
  const { uid = '' } = useParams();
  return (
    <Loaded
      of={`dashboard ${uid}`}
      load={() => getDashboard(uid)}
      around={(reason) => <Shell title="No such dashboard">{reason}</Shell>}
    >
      {(dashboard) => <LoadedDashboard dashboard={dashboard} />}
    </Loaded>
  );
}

function LoadedDashboard({ dashboard }: { dashboard: Dashboard }) {
  const [version, setVersion] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: "version" counts how often it is made anew
  const scene = useMemo(
    () => toScene(dashboard, () => setVersion((count) => count + 1)),
    [dashboard, version],
  );
  useEffect(() => {
    document.title = `${dashboard.title} - Storepulse`;
  }, [dashboard]);
  useEffect(() => openScene(scene), [scene]);
  return (
    <Shell title={dashboard.title}>
      <UrlSyncContextProvider key={version} scene={scene} updateUrlOnInit>
        <scene.Component model={scene} />
      </UrlSyncContextProvider>
    </Shell>
  );
}
