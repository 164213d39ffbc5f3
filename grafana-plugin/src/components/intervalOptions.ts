import type { ComboboxOption } from '@grafana/ui';
import type { Interval } from '@storepulse/contracts/intervals';

/** The intervals as menus show them. */
export const INTERVAL_OPTIONS: Array<ComboboxOption<Interval>> = [
  { value: 'auto', label: 'Auto', description: 'Fits the range to the panel’s width' },
  { value: '10s', label: '10 seconds' },
  { value: '1m', label: '1 minute' },
  { value: '5m', label: '5 minutes' },
  { value: '15m', label: '15 minutes' },
  { value: '1h', label: '1 hour' },
  { value: '6h', label: '6 hours' },
  { value: '1d', label: '1 day', description: 'Days of the shop’s time zone' },
  { value: '1w', label: '1 week', description: 'Weeks as the shop begins them' },
  { value: '1M', label: '1 month', description: 'Calendar months of the shop’s time zone' },
  { value: '3M', label: '1 quarter', description: 'Quarters of the shop’s calendar year' },
  { value: '1y', label: '1 year', description: 'Calendar years of the shop’s time zone' },
  { value: 'all', label: 'All time', description: 'The lifetime value, whatever the range' },
];
