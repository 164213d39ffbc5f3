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
    return `${perSecond(Number(value))} ${status.profile.unit === 'sessions' ? 'visits' : 'events'}/s`;
  if (name === 'achievedRate') return `${perSecond(Number(value))} events/s`;
  if (typeof value === 'number') return value.toLocaleString('en-GB');
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** @param {number} rate */
const perSecond = (rate) => (rate < 100 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en-GB'));
