import { type ComboboxOption, InlineField } from '@grafana/ui';
import { Picker } from './Picker';

interface Props {
  label: string;
  id: string;
  /** What stands there while nothing is chosen. */
  placeholder: string;
  tooltip: string;
  /** Dimensions and dashboard variables. */
  options: Array<ComboboxOption<string>>;
  /** @default false */
  loading?: boolean;
  value: string | undefined;
  /** Called with undefined when the choice is cleared. */
  onChange: (dimension: string | undefined) => void;
}

/** Chooses a dimension that an answer is split by. */
export function SplitField({ label, tooltip, loading = false, value, onChange, ...picker }: Props) {
  return (
    <InlineField label={label} labelWidth={14} loading={loading} disabled={loading} tooltip={tooltip}>
      <Picker
        {...picker}
        width={30}
        isClearable
        value={value ?? null}
        onChange={(option) => onChange(option?.value)}
      />
    </InlineField>
  );
}
