import type { DataSourceApi, DataSourceSettings } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { Alert, type AlertVariant, Button, FieldSet } from '@grafana/ui';
import { useState } from 'react';

/** A data source's config editor, with "Test" as in Grafana. */
export function ConfigSection({ datasource }: { datasource: DataSourceApi }) {
  const [settings, setSettings] = useState(() => readSettings(datasource));
  const [health, setHealth] = useState<{ status: string; message: string }>();
  const Editor = datasource.components?.ConfigEditor;
  const test = () =>
    datasource
      .testDatasource()
      .then(setHealth, (error: Error) => setHealth({ status: 'error', message: error.message }));
  return (
    <FieldSet label="Settings">
      {Editor && <Editor options={settings} onOptionsChange={setSettings} />}
      <Button variant="secondary" onClick={test}>
        Test
      </Button>
      {health && <Alert severity={health.status as AlertVariant} title={health.message} topSpacing={2} />}
    </FieldSet>
  );
}

/** The settings as Grafana's settings page has them: secrets only as "is set". */
function readSettings(datasource: DataSourceApi): DataSourceSettings {
  const settings = getDataSourceSrv().getInstanceSettings(datasource.uid)!;
  const { secureJsonFields } = settings as unknown as Pick<DataSourceSettings, 'secureJsonFields'>;
  return {
    id: settings.id ?? 0,
    uid: settings.uid,
    orgId: 1,
    name: settings.name,
    type: settings.type,
    typeLogoUrl: '',
    typeName: settings.meta.name,
    access: 'proxy',
    url: settings.url ?? '',
    user: '',
    database: '',
    basicAuth: false,
    basicAuthUser: '',
    isDefault: true,
    jsonData: settings.jsonData,
    secureJsonFields,
    readOnly: true,
    withCredentials: false,
  };
}
