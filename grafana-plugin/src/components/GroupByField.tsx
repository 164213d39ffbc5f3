import { type ComboboxOption, InlineField } from '@grafana/ui';
import { Picker } from './Picker';

interface Props {
  /** Dimensions and dashboard variables. */
  options: Array<ComboboxOption<string>>;
  loading: boolean;
  tooltip: string;
  value: string | undefined;
  /** Called with undefined when the choice is cleared. */
  onChange: (dimension: string | undefined) => void;
}

/** Chooses the dimension that an answer is split by. */
export function GroupByField({ options, loading, tooltip, value, onChange }: Props) {
  return (
    <InlineField label="Group by" labelWidth={14} loading={loading} disabled={loading} tooltip={tooltip}>
      <Picker
        id="query-group-by"
        width={30}
        isClearable
        placeholder="The whole shop"
        options={options}
        value={value ?? null}
        onChange={(option) => onChange(option?.value)}
      />
    </InlineField>
  );
}
