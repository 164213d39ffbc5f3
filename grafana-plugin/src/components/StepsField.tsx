import { type ComboboxOption, InlineField, MultiCombobox } from '@grafana/ui';
import { VISIT_STEPS } from '@storepulse/contracts/visit-steps';
import { t } from '../i18n';
import { STEPS } from '../query/steps';

interface Props {
  steps: string[];
  /** Dashboard variables. */
  variables: Array<ComboboxOption<string>>;
  onChange: (steps: string[]) => void;
}

const OPTIONS: Array<ComboboxOption<string>> = VISIT_STEPS.map((value) => ({
  value,
  label: STEPS[value].title,
  description: STEPS[value].description,
}));

/** Chooses the steps of a funnel, in the order in which they are chosen. */
export function StepsField({ steps, variables, onChange }: Props) {
  return (
    <InlineField
      label={t('Steps')}
      labelWidth={14}
      grow
      tooltip={t('In their order. The begin of a visit stands first, searches and views before the others')}
      invalid={steps.length === 0}
      error="Choose at least two steps"
    >
      <MultiCombobox
        id="query-steps"
        placeholder={t('Choose steps')}
        options={[...OPTIONS, ...variables]}
        value={steps}
        onChange={(chosen) => onChange(chosen.map(({ value }) => value))}
      />
    </InlineField>
  );
}
