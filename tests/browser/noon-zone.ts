/**
 * A time zone in which it is noon or a little later, whatever the hour of the test: what has happened a minute ago has
 * happened today. Shop and browser are in it.
 */
export const NOON_ZONE = zoneWithNoon(new Date().getUTCHours());

/** @param utcHour 0 to 23 */
function zoneWithNoon(utcHour: number): string {
  const east = 12 - utcHour;
  // In these names the sign is turned round: Etc/GMT-3 is three hours east of Greenwich.
  if (east === 0) return 'Etc/GMT';
  return east > 0 ? `Etc/GMT-${east}` : `Etc/GMT+${-east}`;
}
