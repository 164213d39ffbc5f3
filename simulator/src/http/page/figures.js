/** @typedef {import('../schemas.ts').Status} Status */

/**
 * A figure of the run as the page shows it.
 * @param {Status} status
 * @param {string} name of a field
 */
export function figureOf(status, name) {
  const value = status[/** @type {keyof Status} */ (name)];
  if (name === 'madeUntil') return value === null ? 'not begun' : new Date(Number(value)).toLocaleString();
  if (name === 'requestedRate')
    return status.profile.unit === 'sessions'
      ? visits(Number(value))
      : `${perSecond(Number(value))} events/s`;
  if (name === 'achievedRate') return `${perSecond(Number(value))} events/s`;
  if (typeof value === 'number') return value.toLocaleString('en-GB');
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** Few visits by the hour. @param {number} rate per second */
const visits = (rate) => (rate < 1 ? `${(rate * 3_600).toFixed(1)} visits/h` : `${perSecond(rate)} visits/s`);
/** @param {number} rate */
const perSecond = (rate) => (rate < 100 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en-GB'));
