import { Button, type ComboboxOption, InlineField, Stack } from '@grafana/ui';
import type { QueryFilter } from '@storepulse/contracts/query';
import { FilterRow } from './FilterRow';

interface Props {
  filters: QueryFilter[];
  dimensions: Array<ComboboxOption<string>>;
  /** Values of a dimension that begin with a text. */
  listValues: (dimension: string, prefix: string) => Promise<string[]>;
  onChange: (filters: QueryFilter[]) => void;
}

/** The filters of a query; all of them must hold. */
export function FilterList({ filters, dimensions, listValues, onChange }: Props) {
  return (
    <InlineField label="Filters" labelWidth={14}>
      <Stack direction="column" gap={0.5} alignItems="flex-start">
        {filters.map((filter, index) => (
          <FilterRow
            // A filter has no identity but its place.
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are never reordered
            key={index}
            position={index + 1}
            filter={filter}
            dimensions={dimensions}
            listValues={(prefix) => listValues(filter.dimension, prefix)}
            onChange={(changed) => onChange(filters.map((other, at) => (at === index ? changed : other)))}
            onRemove={() => onChange(filters.filter((_, at) => at !== index))}
          />
        ))}
        <Button
          variant="secondary"
          icon="plus"
          onClick={() => onChange([...filters, { dimension: '', operator: 'in', values: [] }])}
        >
          Add filter
        </Button>
      </Stack>
    </InlineField>
  );
}
