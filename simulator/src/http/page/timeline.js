import { lineOf } from './actions.js';
import { byId, write } from './elements.js';

/** @typedef {import('../schemas.ts').RecentCommands} RecentCommands */

/**
 * Lists what was done to the run, the newest first.
 * @param {RecentCommands} recent
 * @param {number} now epoch ms
 */
export function showTimeline({ count, commands }, now) {
  const shown = commands.length < count ? `, the last ${commands.length} of them here` : '';
  const text = count === 0 ? 'Nothing was done to this run yet.' : `${count} recorded${shown}.`;
  write(byId('timeline-count', HTMLElement), text);
  byId('timeline', HTMLOListElement).replaceChildren(...commands.map((timed) => rowOf(timed, now)));
}

/**
 * @param {RecentCommands['commands'][number]} timed
 * @param {number} now epoch ms
 */
function rowOf({ at, command }, now) {
  const row = document.createElement('li');
  const time = document.createElement('time');
  time.dateTime = new Date(at).toISOString();
  time.textContent = `${new Date(at).toLocaleString()}${at > now ? ' (planned)' : ''}`;
  const what = document.createElement('code');
  what.className = 'line';
  what.textContent =
    lineOf(command) ??
    (command.command === 'shed' ? `${command.count} arrivals left out: Kafka did not keep up` : '');
  row.append(time, what);
  return row;
}
