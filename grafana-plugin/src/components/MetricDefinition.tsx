import { Stack, Text } from '@grafana/ui';
import type { CatalogMetric } from '../api/catalog';

const BETTER: Record<CatalogMetric['better'], string> = {
  up: 'more is better',
  down: 'less is better',
  neutral: 'neither direction is better',
};

/** What a metric means, to the letter, beneath its picker. */
export function MetricDefinition({ metric }: { metric: CatalogMetric }) {
  return (
    <Stack direction="column" gap={0}>
      <Text variant="bodySmall" color="secondary">
        {metric.title}: {metric.description}
      </Text>
      <Text variant="bodySmall" color="secondary">
        {[metric.expression && `= ${metric.expression}`, `Unit: ${metric.unit}`, BETTER[metric.better]]
          .filter(Boolean)
          .join(' · ')}
      </Text>
    </Stack>
  );
}
