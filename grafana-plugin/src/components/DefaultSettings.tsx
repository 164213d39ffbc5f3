import type { DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { ConfigSection } from '@grafana/plugin-ui';
import { InlineField, InlineSwitch, Input } from '@grafana/ui';
import { t } from '../i18n';
import type { StorepulseOptions, StorepulseSecrets } from '../types';
import { INTERVAL_OPTIONS } from './intervalOptions';
import { Picker } from './Picker';

type Props = DataSourcePluginOptionsEditorProps<StorepulseOptions, StorepulseSecrets>;

/** What queries mean that say nothing else: the shop, the interval that new ones begin with, and what a refresh asks for. */
export function DefaultSettings({ options, onOptionsChange }: Props) {
  const { jsonData, readOnly } = options;
  const setJsonData = (changed: Partial<StorepulseOptions>) =>
    onOptionsChange({ ...options, jsonData: { ...jsonData, ...changed } });
  return (
    <ConfigSection title={t('Defaults')}>
      <InlineField
        label={t('Default shop')}
        labelWidth={18}
        grow
        interactive
        tooltip={t('Shop of queries that name none')}
        disabled={readOnly}
      >
        <Input
          id="config-default-shop"
          placeholder={t('Id of a shop')}
          value={jsonData.defaultShop ?? ''}
          onChange={({ currentTarget }) => setJsonData({ defaultShop: currentTarget.value })}
        />
      </InlineField>
      <InlineField
        label={t('Default interval')}
        labelWidth={18}
        grow
        interactive
        tooltip={t('Interval that new queries begin with')}
        disabled={readOnly}
      >
        <Picker
          id="config-default-interval"
          width={26}
          disabled={readOnly}
          options={INTERVAL_OPTIONS}
          value={jsonData.defaultInterval ?? 'auto'}
          onChange={({ value }) => setJsonData({ defaultInterval: value })}
        />
      </InlineField>
      <InlineField
        label={t('Incremental querying')}
        labelWidth={24}
        interactive
        tooltip={t('A refresh asks again only for the buckets of a line that have changed')}
        disabled={readOnly}
      >
        <InlineSwitch
          id="config-incremental"
          value={jsonData.incrementalQuerying ?? true}
          onChange={({ currentTarget }) => setJsonData({ incrementalQuerying: currentTarget.checked })}
        />
      </InlineField>
    </ConfigSection>
  );
}
