import type { DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { Auth, convertLegacyAuthProps } from '@grafana/plugin-ui';
import { Alert } from '@grafana/ui';
import { t } from '../i18n';
import { readHeaders, writeHeaders } from '../settings/customHeaders';
import { faultOfHeaders, faultOfTls } from '../settings/faultOfSecurity';
import { useSettingsValidation } from '../settings/useSettingsValidation';
import type { StorepulseOptions, StorepulseSecrets } from '../types';
import { ApiKeyField } from './ApiKeyField';

type Props = DataSourcePluginOptionsEditorProps<StorepulseOptions, StorepulseSecrets>;

const API_KEY = 'custom-api-key';

/** How Grafana's server reaches the exporter: the key of a proxy, TLS, and headers. Faults are said when saving is tried. */
export function SecuritySettings(props: Props) {
  const { options, onOptionsChange, validation } = props;
  const { secureJsonFields = {}, secureJsonData, readOnly = false } = options;
  const tls = useSettingsValidation('tls', faultOfTls(options), validation);
  const headers = useSettingsValidation('httpHeaders', faultOfHeaders(options), validation);
  return (
    <>
      <Auth
        selectedMethod={API_KEY}
        visibleMethods={[API_KEY]}
        customMethods={[
          {
            id: API_KEY,
            label: t('API key'),
            description: t('Sent as “Authorization: Bearer …”'),
            component: (
              <ApiKeyField
                isConfigured={secureJsonFields.apiKey ?? false}
                value={secureJsonData?.apiKey ?? ''}
                readOnly={readOnly}
                onChange={(apiKey) =>
                  onOptionsChange({ ...options, secureJsonData: { ...secureJsonData, apiKey } })
                }
                onReset={() =>
                  onOptionsChange({
                    ...options,
                    secureJsonFields: { ...secureJsonFields, apiKey: false },
                    secureJsonData: { ...secureJsonData, apiKey: '' },
                  })
                }
              />
            ),
          },
        ]}
        // There is one method, so there is nothing to select.
        onAuthMethodSelect={() => undefined}
        TLS={tlsProps(props)}
        customHeaders={{
          headers: readHeaders(options),
          onChange: (changed) => onOptionsChange(writeHeaders(options, changed)),
        }}
        readOnly={readOnly}
      />
      {[tls.fault, headers.fault].map((fault) => fault && <Alert key={fault} title={fault} topSpacing={2} />)}
    </>
  );
}

/** Grafana's settings of TLS, without fields that begin as unset: React takes those for fields of another kind. */
function tlsProps({ options, onOptionsChange }: Props) {
  const { TLS } = convertLegacyAuthProps({ config: options, onChange: onOptionsChange });
  const { tlsAuth = false, serverName = '', tlsSkipVerify = false } = options.jsonData;
  return {
    ...TLS!,
    TLSClientAuth: { ...TLS!.TLSClientAuth, enabled: tlsAuth, serverName },
    skipTLSVerification: { ...TLS!.skipTLSVerification, enabled: tlsSkipVerify },
  };
}
