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

/**
 * Chooses a metric, and others beside it: each once, as many as a query takes. The last field is for another one; once it is
 * chosen there it stays in it, so that whoever uses the keyboard stays in place, and the next one begins behind it.
 */
export function MetricList({ names, listMetrics, onChange, ...known }: Props) {
  const isFull = names.length >= MAX.metrics;
  /** Those that are not chosen elsewhere. */
  const others = (own: string | undefined) => async () =>
    (await listMetrics()).filter(({ name }) => name === own || !names.includes(name));
  return (
    <>
      {[...names, ...(isFull ? [] : [undefined])].map((name, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a field is its place, whichever metric is in it
        <Stack key={at} gap={0} alignItems="center">
          <MetricField
            {...known}
            {...(at === 0 ? {} : name === undefined ? another() : numbered(at + 1))}
            listMetrics={others(name)}
            value={name}
            onChange={(chosen) => onChange([...names.slice(0, at), chosen, ...names.slice(at + 1)])}
          />
          {name !== undefined && names.length > 1 && (
            <IconButton
              name="times"
              tooltip={`${t('Remove metric')} ${at + 1}`}
              onClick={() => onChange(names.filter((_, place) => place !== at))}
            />
          )}
        </Stack>
      ))}
    </>
  );
}

const numbered = (place: number) => ({ id: `query-metric-${place}`, label: `${t('Metric')} ${place}` });

const another = () => ({
  ...{ id: 'query-and', label: t('And'), placeholder: t('Another metric') },
  tooltip: t('Another metric, with the same split, filters and interval: those that all of them have'),
});
