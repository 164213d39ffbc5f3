/** A panel of a kind that is drawn in Grafana, but not here. */
export function UnknownPanel() {
  return <div>The preview does not draw panels of this kind. Grafana does.</div>;
}
