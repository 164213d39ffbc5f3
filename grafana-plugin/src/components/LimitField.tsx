import { InlineField, Input } from '@grafana/ui';
import { useState } from 'react';
import { hasVariable } from '../query/readVariables';
import { MAX_LIMIT } from '../query/validateQuery';
import type { StorepulseQuery } from '../types';

interface Props {
  value: StorepulseQuery['limit'];
  /** Called when the field is left with another usable value than before; undefined for all. */
  onChange: (limit: StorepulseQuery['limit']) => void;
}

/** How many of the largest values are kept: a number, or a dashboard variable. What can't be sent is said, not changed. */
export function LimitField({ value, onChange }: Props) {
  const stored = String(value ?? '');
  const [draft, setDraft] = useState<string>();
  const text = (draft ?? stored).trim();
  const isUsable = text === '' || hasVariable(text) || isLimit(text);

  const leave = () => {
    if (isUsable) {
      setDraft(undefined);
      if (text !== stored) {
        onChange(text === '' ? undefined : isLimit(text) ? Number(text) : text);
      }
    }
  };
  return (
    <InlineField
      label="Top"
      labelWidth={14}
      tooltip="Largest values to keep; the rest is summed as “other”"
      invalid={!isUsable}
      error={`A whole number from 1 to ${MAX_LIMIT.toLocaleString('en')}, or a variable`}
    >
      <Input
        id="query-limit"
        inputMode="numeric"
        width={12}
        placeholder="all"
        value={draft ?? stored}
        onChange={({ currentTarget }) => setDraft(currentTarget.value)}
        onBlur={leave}
      />
    </InlineField>
  );
}

function isLimit(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_LIMIT;
}
