import { inputOf } from './elements.js';

/**
 * @typedef {import('../../load/profile.ts').LoadProfile} LoadProfile
 * @typedef {import('../../faults/faults.ts').FaultShares} FaultShares
 */

/** The slider ends at 10 to the power of so much arrivals per second; the field beside it goes further. */
const SLIDER_DECADES = 4;

/**
 * @param {number} position of the slider, 0 to 100
 * @returns {number} arrivals per second
 */
export function rateOfSlider(position) {
  if (position === 0) return 0;
  return Number((10 ** ((position / 100) * SLIDER_DECADES)).toPrecision(2));
}

/**
 * @param {number} rate arrivals per second
 * @returns {number} position of the slider, 0 to 100
 */
export function sliderOfRate(rate) {
  if (rate < 1) return 0;
  return Math.min(100, Math.round((Math.log10(rate) / SLIDER_DECADES) * 100));
}

/** What the field of the rate proposes while visits are counted, which has no rate of events: a busy shop. */
const PROPOSED_RATE = 50;

/** The events per second of a profile. @param {LoadProfile} profile */
export const eventRateOf = (profile) => (profile.unit === 'sessions' ? PROPOSED_RATE : rateOf(profile));

/** A rate as one would type it. @param {LoadProfile} profile */
export const rateOf = (profile) => ('rate' in profile ? profile.rate : profile.startRate);

/**
 * What the fields of the profile say.
 * @returns {LoadProfile}
 */
export function readProfile() {
  const name = /** @type {LoadProfile['profile']} */ (selected().value);
  const rate = numberIn('profile-rate');
  const unit = inputOf('profile-sessions').checked ? { unit: /** @type {const} */ ('sessions') } : {};
  switch (name) {
    case 'ramping-arrival-rate':
      return { profile: name, startRate: rate, stages: readStages(inputOf('profile-stages').value), ...unit };
    case 'spike':
      return {
        profile: name,
        rate,
        peak: numberIn('profile-peak'),
        ramp: inputOf('profile-ramp').value,
        hold: inputOf('profile-hold').value,
        ...unit,
      };
    default:
      return { profile: name, rate, ...unit };
  }
}

/**
 * Fills the fields of the profile.
 * @param {LoadProfile} profile
 */
export function writeProfile(profile) {
  selected().value = profile.profile;
  inputOf('profile-rate').value = String(rateOf(profile));
  inputOf('profile-sessions').checked = profile.unit === 'sessions';
  if (profile.profile === 'spike') {
    inputOf('profile-peak').value = String(profile.peak);
    inputOf('profile-ramp').value = profile.ramp;
    inputOf('profile-hold').value = profile.hold;
  }
  if (profile.profile === 'ramping-arrival-rate') {
    inputOf('profile-stages').value = profile.stages
      .map(({ duration, target }) => `${duration}:${target}`)
      .join(' ');
  }
  showProfileFields();
}

/** Shows the fields that the chosen profile has; the others neither count nor are asked for. */
export function showProfileFields() {
  const name = selected().value;
  for (const field of document.querySelectorAll('[data-of]')) {
    const used = field.getAttribute('data-of')?.split(' ').includes(name) ?? false;
    /** @type {HTMLElement} */ (field).hidden = !used;
    for (const input of field.querySelectorAll('input')) input.disabled = !used;
  }
}

/**
 * @param {string} text such as `5m:200 2m:10`
 * @returns {{ duration: string, target: number }[]}
 */
export function readStages(text) {
  const stages = text.split(/[\s,]+/).filter((stage) => stage !== '');
  return stages.map((stage) => {
    const [duration = '', target = ''] = stage.split(':');
    return { duration, target: Number(target) };
  });
}

/**
 * The shares that the fields of the faults say; those of 0 % are left out.
 * @returns {FaultShares}
 */
export function readFaults() {
  const entries = faultInputs().map((input) => [input.dataset.fault, shareOf(Number(input.value))]);
  return Object.fromEntries(entries.filter(([, share]) => share !== 0));
}

/** @param {FaultShares} shares */
export function writeFaults(shares) {
  for (const input of faultInputs()) {
    const name = /** @type {keyof FaultShares} */ (input.dataset.fault);
    input.value = String(percentOf(shares[name] ?? 0));
  }
}

/** Without the digits that dividing in binary adds. @param {number} percent */
export const shareOf = (percent) => Number((percent / 100).toPrecision(12));
/** @param {number} share */
export const percentOf = (share) => Number((share * 100).toPrecision(12));

const selected = () => /** @type {HTMLSelectElement} */ (document.getElementById('profile'));
/** @returns {HTMLInputElement[]} */
const faultInputs = () => [...document.querySelectorAll('input')].filter(({ dataset }) => dataset.fault);
/** @param {string} id */
const numberIn = (id) => Number(inputOf(id).value);
