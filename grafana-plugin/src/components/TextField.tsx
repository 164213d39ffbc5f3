import { InlineField, Input } from '@grafana/ui';
import { useState } from 'react';

interface Props {
  id: string;
  label: string;
  tooltip: string;
  /** What is meant where nothing is entered. */
  placeholder: string;
  value: string | undefined;
  /** Called when the field is left with another text than before; undefined for none. */
  onChange: (text: string | undefined) => void;
}

/** A text, or a dashboard variable. */
export function TextField({ id, label, tooltip, placeholder, value = '', onChange }: Props) {
  const [draft, setDraft] = useState<string>();
  const leave = () => {
    const text = draft?.trim();
    setDraft(undefined);
    if (text !== undefined && text !== value) {
      onChange(text === '' ? undefined : text);
    }
  };
  return (
    <InlineField label={label} labelWidth={14} tooltip={tooltip}>
      <Input
        id={id}
        width={30}
        placeholder={placeholder}
        value={draft ?? value}
        onChange={({ currentTarget }) => setDraft(currentTarget.value)}
        onBlur={leave}
      />
    </InlineField>
  );
}
