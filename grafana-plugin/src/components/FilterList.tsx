import { Button, type ComboboxOption, InlineField, Stack } from '@grafana/ui';
import type { StorepulseFilter } from '../types';
import { FilterRow } from './FilterRow';

interface Props {
  filters: StorepulseFilter[];
  /** Dimensions that the filter at a place can have. */
  dimensionsAt: (place: number) => Array<ComboboxOption<string>>;
  /** Options for values that the filter at a place can have, with a text in them. */
  listValuesAt: (place: number, text: string) => Promise<Array<ComboboxOption<string>>>;
  onChange: (filters: StorepulseFilter[]) => void;
}

/** The filters of a query; all of them must hold. */
export function FilterList({ filters, dimensionsAt, listValuesAt, onChange }: Props) {
  return (
    <InlineField label="Filters" labelWidth={14} shrink>
      <Stack direction="column" gap={0.5} alignItems="flex-start">
        {filters.map((filter, index) => (
          <FilterRow
            // A filter has no identity but its place.
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are never reordered
            key={index}
            position={index + 1}
            filter={filter}
            dimensions={dimensionsAt(index)}
            listValues={(text) => listValuesAt(index, text)}
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
