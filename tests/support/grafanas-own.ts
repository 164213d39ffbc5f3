/** What axe calls serious in a component of Grafana's packages, which nothing of ours can change. */
export interface GrafanasOwn {
  /** The rule of axe. */
  readonly rule: string;
  /** Part of the HTML, by which the component is known. */
  readonly html: string;
  /** The component, as its package calls it. */
  readonly component: string;
}

/** Each is in the table of `docs/how-to/preview.md`, with the reason. */
export const GRAFANAS_OWN: readonly GrafanasOwn[] = [
  {
    rule: 'label-content-name-mismatch',
    html: 'RefreshPicker interval button',
    component: 'RefreshPicker',
  },
  { rule: 'label-content-name-mismatch', html: 'LegendLabel', component: 'VizLegendListItem' },
  { rule: 'aria-required-attr', html: 'role="heading"', component: 'SceneGridRow' },
  { rule: 'aria-prohibited-attr', html: 'data-testid Loading indicator', component: 'ControlsLabel' },
  { rule: 'scrollable-region-focusable', html: 'scrollbar-view', component: 'CustomScrollbar' },
];
