import type { ComponentProps } from 'react';
import { t } from '../i18n';
import { SplitField } from './SplitField';

type Props = Omit<ComponentProps<typeof SplitField>, 'label' | 'id' | 'placeholder'>;

/** Chooses the dimension that an answer is split by first. */
export function GroupByField(props: Props) {
  return (
    <SplitField label={t('Group by')} id="query-group-by" placeholder={t('The whole shop')} {...props} />
  );
}
