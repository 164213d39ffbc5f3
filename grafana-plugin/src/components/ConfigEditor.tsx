import type { DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { InlineField, Input, SecretInput } from '@grafana/ui';
import { faultOfUrl } from '../settings/faultOfUrl';
import { useSettingsValidation } from '../settings/useSettingsValidation';
import type { StorepulseOptions, StorepulseSecrets } from '../types';

type Props = DataSourcePluginOptionsEditorProps<StorepulseOptions, StorepulseSecrets>;

/**
 * Edits a data source's settings: where the exporter is, the key of a proxy before it, and the shop that queries mean by
 * default. What can't work is said at the field, and is not saved.
 */
export function ConfigEditor({ options, onOptionsChange, validation }: Props) {
  const { jsonData, secureJsonFields, secureJsonData, readOnly } = options;
  const setJsonData = (changed: Partial<StorepulseOptions>) =>
    onOptionsChange({ ...options, jsonData: { ...jsonData, ...changed } });
  const { fault, check } = useSettingsValidation('apiUrl', faultOfUrl(jsonData.apiUrl), validation);

  return (
    <>
      <InlineField
        label="URL"
        labelWidth={16}
        interactive
        tooltip="Address of the Storepulse exporter as Grafana’s server reaches it"
        disabled={readOnly}
        invalid={fault !== undefined}
        error={fault}
      >
        <Input
          id="config-url"
          width={50}
          required
          placeholder="http://127.0.0.1:9464"
          value={jsonData.apiUrl ?? ''}
          onChange={({ currentTarget }) => setJsonData({ apiUrl: currentTarget.value })}
          onBlur={({ currentTarget }) => {
            // The proxy joins paths as texts, so a slash at the end would be doubled.
            const apiUrl = currentTarget.value.trim().replace(/\/+$/, '');
            if (apiUrl !== (jsonData.apiUrl ?? '')) {
              setJsonData({ apiUrl });
            }
            check();
          }}
        />
      </InlineField>
      <InlineField
        label="API key"
        labelWidth={16}
        interactive
        tooltip="A key that a proxy in front of the exporter asks for; the exporter itself has none. Kept on Grafana’s server and never sent to a browser"
        disabled={readOnly}
      >
        <SecretInput
          id="config-api-key"
          width={50}
          placeholder="Key of the proxy, if there is one"
          isConfigured={secureJsonFields?.apiKey ?? false}
          value={secureJsonData?.apiKey ?? ''}
          onChange={({ currentTarget }) =>
            onOptionsChange({ ...options, secureJsonData: { apiKey: currentTarget.value } })
          }
          onReset={() =>
            onOptionsChange({
              ...options,
              secureJsonFields: { ...secureJsonFields, apiKey: false },
              secureJsonData: { apiKey: '' },
            })
          }
        />
      </InlineField>
      <InlineField
        label="Default shop"
        labelWidth={16}
        interactive
        tooltip="Shop of queries that name none"
        disabled={readOnly}
      >
        <Input
          id="config-default-shop"
          width={50}
          placeholder="Id of a shop"
          value={jsonData.defaultShop ?? ''}
          onChange={({ currentTarget }) => setJsonData({ defaultShop: currentTarget.value })}
        />
      </InlineField>
    </>
  );
}
