import { InlineField, InlineSwitch } from '@grafana/ui';

interface Props {
  id: string;
  label: string;
  tooltip: string;
  /** @default off */
  value: boolean | undefined;
  onChange: (on: boolean) => void;
}

/** Turns one thing on and off. */
export function SwitchField({ id, label, tooltip, value = false, onChange }: Props) {
  return (
    <InlineField label={label} labelWidth={14} tooltip={tooltip}>
      <InlineSwitch id={id} value={value} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
    </InlineField>
  );
}
