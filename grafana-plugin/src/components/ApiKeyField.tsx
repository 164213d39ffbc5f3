import { InlineField, SecretInput } from '@grafana/ui';
import { t } from '../i18n';

interface Props {
  /** Whether Grafana's server keeps a key. */
  isConfigured: boolean;
  /** The key, as long as it has not been saved. */
  value: string;
  readOnly: boolean;
  onChange: (key: string) => void;
  onReset: () => void;
}

/** The key of a proxy before the exporter. */
export function ApiKeyField({ isConfigured, value, readOnly, onChange, onReset }: Props) {
  return (
    <InlineField
      label={t('API key')}
      labelWidth={18}
      grow
      interactive
      tooltip={t(
        'A key of the exporter with the scope read, or that of a proxy in front of it; empty where none is asked for. Kept on Grafana’s server and never sent to a browser',
      )}
      disabled={readOnly}
    >
      <SecretInput
        id="config-api-key"
        placeholder={t('Key of the proxy, if there is one')}
        isConfigured={isConfigured}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        onReset={onReset}
      />
    </InlineField>
  );
}
