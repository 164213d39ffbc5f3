import type { DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { ConfigSection } from '@grafana/plugin-ui';
import { Box, InlineField, Input, Stack } from '@grafana/ui';
import { t } from '../i18n';
import { faultOfUrl } from '../settings/faultOfUrl';
import { useSettingsValidation } from '../settings/useSettingsValidation';
import type { StorepulseOptions, StorepulseSecrets } from '../types';
import { DefaultSettings } from './DefaultSettings';
import { SecuritySettings } from './SecuritySettings';

type Props = DataSourcePluginOptionsEditorProps<StorepulseOptions, StorepulseSecrets>;

/**
 * Edits a data source's settings: where the exporter is, how it is reached, and what queries mean by default. What can't
 * work is said at the field, and is not saved.
 */
export function ConfigEditor(props: Props) {
  const { options, onOptionsChange, validation } = props;
  const { jsonData, readOnly } = options;
  const setUrl = (apiUrl: string) => onOptionsChange({ ...options, jsonData: { ...jsonData, apiUrl } });
  const { fault, check } = useSettingsValidation('apiUrl', faultOfUrl(jsonData.apiUrl), validation);

  return (
    // As wide as the screen, on a phone.
    <Box maxWidth={70}>
      <Stack direction="column" gap={4}>
        <ConfigSection title={t('Connection')}>
          <InlineField
            label={t('URL')}
            labelWidth={18}
            grow
            interactive
            tooltip={t('Address of the Storepulse exporter as Grafana’s server reaches it')}
            disabled={readOnly}
            invalid={fault !== undefined}
            error={fault}
          >
            <Input
              id="config-url"
              required
              placeholder="http://127.0.0.1:9464"
              value={jsonData.apiUrl ?? ''}
              onChange={({ currentTarget }) => setUrl(currentTarget.value)}
              onBlur={({ currentTarget }) => {
                // The proxy joins paths as texts, so a slash at the end would be doubled.
                const apiUrl = currentTarget.value.trim().replace(/\/+$/, '');
                if (apiUrl !== (jsonData.apiUrl ?? '')) {
                  setUrl(apiUrl);
                }
                check();
              }}
            />
          </InlineField>
        </ConfigSection>
        <SecuritySettings {...props} />
        <DefaultSettings {...props} />
      </Stack>
    </Box>
  );
}
