import type { DataSourceApi } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { useEffect } from 'react';
import { useLocation } from 'react-router-dom';
import { Loaded } from '../pages/Loaded.tsx';
import { Shell } from '../pages/Shell.tsx';
import { Explore } from './Explore.tsx';
import { readExploreState } from './exploreState.ts';

/** Ad hoc questions to the data source that the address names, else to the default one; all of it is in the address. */
export function ExplorePage() {
  const { search } = useLocation();
  const { datasource: uid } = readExploreState(search);
  useEffect(() => {
    document.title = 'Explore - Storepulse';
  }, []);
  return (
    <Shell title="Explore">
      <Loaded of={`the data source ${uid ?? ''}`} load={() => getReadyDataSource(uid)}>
        {(datasource: DataSourceApi) => <Explore key={datasource.uid} datasource={datasource} />}
      </Loaded>
    </Shell>
  );
}

/** A data source that knows what it can be asked for: then the first query has a shop. Without that, its editor says what is wrong. */
async function getReadyDataSource(uid: string | undefined): Promise<DataSourceApi> {
  const datasource = await getDataSourceSrv().get(uid ?? null);
  await Promise.resolve(datasource.getTagKeys?.({ filters: [] })).catch(() => undefined);
  return datasource;
}
