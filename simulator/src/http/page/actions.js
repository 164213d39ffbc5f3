/**
 * What the page can do to the simulator: for each thing the request, and the command that sends the same request from a
 * terminal.
 *
 * @typedef {import('../../run/commands.ts').Command} Command
 * @typedef {import('../../load/profile.ts').LoadProfile} LoadProfile
 * @typedef {import('../../faults/faults.ts').FaultShares} FaultShares
 * @typedef {{ method: 'PUT' | 'POST' | 'DELETE', path: string, body?: object, line: string }} Action
 */

const SIM = 'npm run sim --';

/**
 * @param {number} rate arrivals per second
 * @returns {Action}
 */
export const setRate = (rate) => ({
  method: 'PUT',
  path: '/v1/rate',
  body: { rate },
  line: `${SIM} rate ${rate}`,
});

/**
 * @param {LoadProfile} profile
 * @returns {Action}
 */
export const setProfile = (profile) => ({
  method: 'PUT',
  path: '/v1/profile',
  body: profile,
  line: `${SIM} profile ${[profile.profile, ...profileOptions(profile)].join(' ')}`,
});

/**
 * @param {'pause' | 'resume' | 'stop'} action
 * @returns {Action}
 */
export const steerRun = (action) => ({ method: 'POST', path: `/v1/${action}`, line: `${SIM} ${action}` });

/**
 * @param {string} name
 * @param {string} lasts such as 10m; until it is ended when empty
 * @returns {Action}
 */
export const beginScenario = (name, lasts) => ({
  method: 'POST',
  path: `/v1/scenarios/${name}`,
  body: lasts === '' ? {} : { for: lasts },
  line: `${SIM} scenario ${name}${lasts === '' ? '' : ` --for ${lasts}`}`,
});

/**
 * @param {string} name
 * @returns {Action}
 */
export const endScenario = (name) => ({
  method: 'DELETE',
  path: `/v1/scenarios/${name}`,
  line: `${SIM} scenario ${name} --end`,
});

/**
 * @param {FaultShares} shares
 * @returns {Action}
 */
export const setFaults = (shares) => ({
  method: 'PUT',
  path: '/v1/faults',
  body: shares,
  line: [
    `${SIM} faults`,
    ...Object.entries(shares).map(([name, share]) => `--${name.replaceAll('_', '-')} ${share}`),
  ].join(' '),
});

/**
 * The command that does what was recorded; undefined for what the simulator does by itself.
 * @param {Command} command
 * @returns {string | undefined}
 */
export function lineOf(command) {
  switch (command.command) {
    case 'rate':
      return setRate(command.rate).line;
    case 'profile':
      return setProfile(command.profile).line;
    case 'pause':
    case 'resume':
    case 'stop':
      return steerRun(command.command).line;
    case 'faults':
      return setFaults(command.faults).line;
    case 'scenario-start':
      return beginScenario(command.scenario, '').line;
    case 'scenario-end':
      return endScenario(command.scenario).line;
    case 'shed':
      return undefined;
  }
}

/**
 * @param {LoadProfile} profile
 * @returns {string[]}
 */
function profileOptions(profile) {
  const sessions = profile.unit === 'sessions' ? ['--sessions'] : [];
  switch (profile.profile) {
    case 'ramping-arrival-rate': {
      const stages = profile.stages.map(({ duration, target }) => `--stage ${duration}:${target}`);
      return [`--rate ${profile.startRate}`, ...stages, ...sessions];
    }
    case 'spike': {
      const { rate, peak, ramp, hold } = profile;
      return [`--rate ${rate}`, `--peak ${peak}`, `--ramp ${ramp}`, `--hold ${hold}`, ...sessions];
    }
    default:
      return [`--rate ${profile.rate}`, ...sessions];
  }
}
