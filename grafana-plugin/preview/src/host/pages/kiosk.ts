/** Whether an address asks for a dashboard without what is around it: `kiosk`, as Grafana has it. */
export function isKiosk(search: string): boolean {
  const value = new URLSearchParams(search).get('kiosk');
  return value !== null && value !== 'false';
}
