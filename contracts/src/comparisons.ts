/**
 * Earlier times that figures are compared with: the time of the same length right before, the same days of the week before,
 * the same dates of the year before. Days and months are the shop's.
 */
export const COMPARISONS = ['previous_period', 'previous_week', 'previous_year'] as const;
/** An earlier time that figures are compared with. */
export type Comparison = (typeof COMPARISONS)[number];
