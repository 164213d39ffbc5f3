import type { ComboboxOption } from '@grafana/ui';
import type { Interval } from '@storepulse/contracts/intervals';
import { t } from '../i18n';

/** The intervals as menus show them. */
export const INTERVAL_OPTIONS: Array<ComboboxOption<Interval>> = [
  { value: 'auto', label: t('Auto'), description: t('Fits the range to the panel’s width') },
  { value: '10s', label: t('10 seconds') },
  { value: '1m', label: t('1 minute') },
  { value: '5m', label: t('5 minutes') },
  { value: '15m', label: t('15 minutes') },
  { value: '1h', label: t('1 hour') },
  { value: '6h', label: t('6 hours') },
  { value: '1d', label: t('1 day'), description: t('Days of the shop’s time zone') },
  { value: '1w', label: t('1 week'), description: t('Weeks as the shop begins them') },
  { value: '1M', label: t('1 month'), description: t('Calendar months of the shop’s time zone') },
  { value: '3M', label: t('1 quarter'), description: t('Quarters of the shop’s calendar year') },
  { value: '1y', label: t('1 year'), description: t('Calendar years of the shop’s time zone') },
  { value: 'all', label: t('All time'), description: t('The lifetime value, whatever the range') },
];
