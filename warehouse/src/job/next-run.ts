const DAY_MS = 86_400_000;

/** The next instant (epoch ms) at which the clock shows `at`, `HH:MM` in UTC, after `now`. */
export function nextRunAfter(now: number, at: string): number {
  const [hour, minute] = at.split(':').map(Number) as [number, number];
  const midnight = Math.floor(now / DAY_MS) * DAY_MS;
  const today = midnight + (hour * 60 + minute) * 60_000;
  return today > now ? today : today + DAY_MS;
}
