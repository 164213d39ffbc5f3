import { RadioButtonGroup, Stack } from '@grafana/ui';
import type { EditorMode } from '../types';

interface Props {
  mode: EditorMode;
  /** Whether there is a text that can't be read: it would be lost with the editor. */
  isBroken: boolean;
  onChange: (mode: EditorMode) => void;
}

/** Chooses how a query is edited. */
export function EditorModeField({ mode, isBroken, onChange }: Props) {
  return (
    <Stack justifyContent="flex-end">
      <RadioButtonGroup<EditorMode>
        size="sm"
        aria-label="Edit the query by"
        options={[
          {
            value: 'builder',
            label: 'Builder',
            description: isBroken ? 'Mend or discard the text first' : 'By fields',
          },
          { value: 'code', label: 'Code', description: 'As a text' },
        ]}
        disabledOptions={isBroken ? ['builder'] : []}
        value={mode}
        onChange={onChange}
      />
    </Stack>
  );
}
