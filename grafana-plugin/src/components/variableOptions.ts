import type { TemplateSrv } from '@grafana/runtime';
import type { ComboboxOption } from '@grafana/ui';
import { t } from '../i18n';

/** Variables that hold filters rather than values. */
const NOT_VALUES = ['adhoc', 'groupby'];

/** The dashboard's variables, for the end of any menu. */
export function variableOptions(
  templateSrv: Pick<TemplateSrv, 'getVariables'>,
): Array<ComboboxOption<string>> {
  return templateSrv
    .getVariables()
    .filter(({ type }) => !NOT_VALUES.includes(type))
    .map(({ name }) => ({
      value: `$${name}`,
      label: `$${name}`,
      description: t('Dashboard variable'),
      group: 'Variables',
    }));
}
