/** The uid of the data source in the provisioned dashboards. */
const PROVISIONED_UID = '"uid": "storepulse"';
const INPUT = 'DS_STOREPULSE';

/**
 * A provisioned dashboard as a plugin includes it: it asks for the data source when it is imported.
 * @param text Grafana's classic JSON, indented
 */
export function includeDashboard(text: string): string {
  const inputs = [
    {
      name: INPUT,
      label: 'Storepulse',
      type: 'datasource',
      pluginId: 'storepulse-commerce-datasource',
      pluginName: 'Storepulse',
    },
  ];
  const dashboard = JSON.parse(text.replaceAll(PROVISIONED_UID, `"uid": "\${${INPUT}}"`)) as object;
  return `${JSON.stringify({ __inputs: inputs, ...dashboard }, null, 2)}\n`;
}
