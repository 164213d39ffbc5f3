import { type ComboboxOption, IconButton, Stack } from '@grafana/ui';
import { MAX } from '@storepulse/contracts/grafana/checks';
import type { CatalogMetric } from '../api/catalog';
import { t } from '../i18n';
import { MetricField } from './MetricField';

interface Props {
  /** Metrics of the query, the first first: names, or texts with variables. */
  names: readonly string[];
  /** The metrics as far as they are known, for titles. */
  metrics: CatalogMetric[];
  /** All metrics, once they are known. */
  listMetrics: () => Promise<CatalogMetric[]>;
  /** Dashboard variables. */
  variables: Array<ComboboxOption<string>>;
  loading: boolean;
  /** Called with all metrics, at least one. */
  onChange: (names: string[]) => void;
}

/** Chooses a metric, and others beside it: each once, as many as a query takes. */
export function MetricList({ names, listMetrics, onChange, ...known }: Props) {
  const isAlone = names.length < 2;
  /** Those that are not chosen elsewhere. */
  const others = (own: string | undefined) => async () =>
    (await listMetrics()).filter(({ name }) => name === own || !names.includes(name));
  return (
    <>
      {(names.length > 0 ? names : [undefined]).map((name, at) => (
        // A metric may be chosen in the place of another one: its field stays.
        // biome-ignore lint/suspicious/noArrayIndexKey: fields are never reordered
        <Stack key={at} gap={0} alignItems="center">
          <MetricField
            {...known}
            {...(at === 0 ? {} : { id: `query-metric-${at + 1}`, label: `${t('Metric')} ${at + 1}` })}
            listMetrics={others(name)}
            value={name}
            onChange={(chosen) => onChange([...names.slice(0, at), chosen, ...names.slice(at + 1)])}
          />
          {!isAlone && (
            <IconButton
              name="times"
              tooltip={`${t('Remove metric')} ${at + 1}`}
              onClick={() => onChange(names.filter((_, place) => place !== at))}
            />
          )}
        </Stack>
      ))}
      {names.length > 0 && names.length < MAX.metrics && (
        <MetricField
          {...known}
          // What was chosen stands in a field of its own, and this one begins anew.
          key={`and ${names.length}`}
          id="query-and"
          label={t('And')}
          tooltip={t(
            'Another metric, with the same split, filters and interval: those that all of them have',
          )}
          placeholder={t('Another metric')}
          listMetrics={others(undefined)}
          value={undefined}
          onChange={(chosen) => onChange([...names, chosen])}
        />
      )}
    </>
  );
}
