import { Combobox, InlineField } from '@grafana/ui';
import type { CatalogMetric } from '../api/catalog';

interface Props {
  metrics: CatalogMetric[];
  loading: boolean;
  value: string | undefined;
  onChange: (metric: CatalogMetric) => void;
}

/** Headings of the menu, by unit. */
const GROUPS: Record<string, string> = {
  money: 'Money',
  count: 'Counts',
  ratio: 'Rates',
};

/** Chooses a metric of the catalogue. */
export function MetricField({ metrics, loading, value, onChange }: Props) {
  const options = metrics
    .map(({ name, title, description, unit }) => ({
      value: name,
      label: title,
      description: `${name} · ${description}`,
      group: GROUPS[unit] ?? 'Others',
    }))
    // The menu wants the options of a group side by side.
    .sort((a, b) => a.group.localeCompare(b.group));
  return (
    <InlineField label="Metric" labelWidth={14}>
      <Combobox
        id="query-metric"
        width={30}
        loading={loading}
        placeholder="Choose a metric"
        options={options}
        value={value ?? null}
        onChange={(option) => {
          const metric = metrics.find(({ name }) => name === option.value);
          if (metric) {
            onChange(metric);
          }
        }}
      />
    </InlineField>
  );
}
