/** What can be looked at of a panel. */
export const INSPECT_TABS = [
  { value: 'data', label: 'Data' },
  { value: 'query', label: 'Query' },
  { value: 'stats', label: 'Stats' },
  { value: 'json', label: 'JSON' },
] as const;

/** A tab of the inspector. */
export type InspectTab = (typeof INSPECT_TABS)[number]['value'];

/** The tab that an address names. @default data */
export function inspectTabOf(search: URLSearchParams): InspectTab {
  const named = search.get('inspectTab');
  return INSPECT_TABS.find(({ value }) => value === named)?.value ?? 'data';
}
