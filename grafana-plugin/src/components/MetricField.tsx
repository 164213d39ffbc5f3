import { type ComboboxOption, InlineField } from '@grafana/ui';
import { hasVariable } from '@storepulse/contracts/grafana/references';
import type { CatalogMetric } from '../api/catalog';
import { t } from '../i18n';
import { Picker } from './Picker';
import { searchMetrics } from './searchMetrics';

interface Props {
  /** @default query-metric */
  id?: string;
  /** @default Metric */
  label?: string;
  /** @default none */
  tooltip?: string;
  /** @default Choose a metric */
  placeholder?: string;
  /** The metrics as far as they are known, for the title of the chosen one. */
  metrics: CatalogMetric[];
  /** All metrics, once they are known. */
  listMetrics: () => Promise<CatalogMetric[]>;
  /** Dashboard variables. */
  variables: Array<ComboboxOption<string>>;
  loading: boolean;
  value: string | undefined;
  /** Called with a metric's name, or a text with variables. */
  onChange: (name: string) => void;
}

/** Chooses a metric of the catalogue by title, name, definition or another word for it, or a dashboard variable. */
export function MetricField({
  id = 'query-metric',
  label = t('Metric'),
  placeholder = t('Choose a metric'),
  ...props
}: Props) {
  const { tooltip, metrics, listMetrics, variables, loading, value, onChange } = props;
  const search = async (text: string) => [
    ...searchMetrics(await listMetrics(), text).map(toOption),
    ...variables.filter(({ value: name }) => name.includes(text.trim())),
    // A part of a name may be a variable; other texts are no metric, so they can't be chosen.
    ...(hasVariable(text)
      ? [{ value: text.trim(), label: text.trim(), description: t('As it is typed') }]
      : []),
  ];
  const chosen = metrics.find(({ name }) => name === value);
  return (
    // The title of the choice comes with the catalogue, and would take the place of what is typed before.
    <InlineField
      label={label}
      labelWidth={14}
      loading={loading}
      disabled={loading}
      {...(tooltip === undefined ? {} : { tooltip })}
    >
      <Picker
        id={id}
        width={30}
        placeholder={placeholder}
        options={search}
        value={chosen ? { value: chosen.name, label: chosen.title } : (value ?? null)}
        onChange={(option) => onChange(option.value)}
      />
    </InlineField>
  );
}

function toOption({ name, title, description, unit, area }: CatalogMetric): ComboboxOption<string> {
  return {
    value: name,
    label: title,
    description: `${name} · ${unit} · ${description}`,
    ...(area ? { group: area } : {}),
  };
}
