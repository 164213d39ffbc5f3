import { RadioButtonGroup, Stack } from '@grafana/ui';
import { t } from '../i18n';
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
        aria-label={t('Edit the query by')}
        options={[
          {
            value: 'builder',
            label: t('Builder'),
            description: isBroken ? 'Mend or discard the text first' : 'By fields',
          },
          { value: 'code', label: t('Code'), description: t('As a text') },
        ]}
        disabledOptions={isBroken ? ['builder'] : []}
        value={mode}
        onChange={onChange}
      />
    </Stack>
  );
}
