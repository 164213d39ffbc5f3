import { InlineField, Input } from '@grafana/ui';
import { hasVariable } from '@storepulse/contracts/grafana/references';
import { useState } from 'react';

interface Props {
  id: string;
  label: string;
  tooltip: string;
  /** What is meant where nothing is entered. */
  placeholder: string;
  /** The greatest number that can be asked for. */
  most: number;
  value: number | string | undefined;
  /** Called when the field is left with another usable value than before; undefined for none. */
  onChange: (count: number | string | undefined) => void;
}

/** A whole number from 1 on, or a dashboard variable. What can't be sent is said, not changed. */
export function CountField({ id, label, tooltip, placeholder, most, value, onChange }: Props) {
  const stored = String(value ?? '');
  const [draft, setDraft] = useState<string>();
  const text = (draft ?? stored).trim();
  const isCount = /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= most;
  const isUsable = text === '' || hasVariable(text) || isCount;

  const leave = () => {
    if (isUsable) {
      setDraft(undefined);
      if (text !== stored) {
        onChange(text === '' ? undefined : isCount ? Number(text) : text);
      }
    }
  };
  return (
    <InlineField
      label={label}
      labelWidth={14}
      tooltip={tooltip}
      invalid={!isUsable}
      error={`A whole number from 1 to ${most.toLocaleString('en')}, or a variable`}
    >
      <Input
        id={id}
        inputMode="numeric"
        width={12}
        placeholder={placeholder}
        value={draft ?? stored}
        onChange={({ currentTarget }) => setDraft(currentTarget.value)}
        onBlur={leave}
      />
    </InlineField>
  );
}
