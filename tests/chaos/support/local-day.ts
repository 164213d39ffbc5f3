const MINUTE_MS = 60_000;
/** Longer than any local day. */
const BACK_MINUTES = 26 * 60;

/** Finds the first instant of local days, by asking the platform for the date minute by minute. */
export function localDays(timeZone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const starts = new Map<string, number>();
  return (time) => {
    const date = format.format(time);
    const known = starts.get(date);
    if (known !== undefined) return known;
    // Offsets since 1972 are whole minutes, so days begin on one; where clocks are set back over midnight, twice.
    const last = Math.floor(time / MINUTE_MS);
    let start = last;
    for (let minute = last; minute >= last - BACK_MINUTES; minute--) {
      if (format.format(minute * MINUTE_MS) === date) start = minute;
    }
    start *= MINUTE_MS;
    starts.set(date, start);
    return start;
  };
}
