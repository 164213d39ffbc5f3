import type { DataSourceApi } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { Box, Stack } from '@grafana/ui';
import { ConfigSection } from './ConfigSection.tsx';
import { Loaded } from './Loaded.tsx';
import { QuerySection } from './QuerySection.tsx';
import { Shell } from './Shell.tsx';

/** The default data source's editors, on the live API; nothing that is changed here is kept. */
export function EditorPage() {
  return (
    <Shell title="Data source">
      <Loaded of="the data source" load={() => getDataSourceSrv().get()}>
        {(datasource: DataSourceApi) => (
          <Box paddingTop={2}>
            <Stack direction="column" gap={2}>
              <ConfigSection datasource={datasource} />
              <QuerySection datasource={datasource} />
            </Stack>
          </Box>
        )}
      </Loaded>
    </Shell>
  );
}
