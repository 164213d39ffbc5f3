import { beginScenario, endScenario, setFaults, setProfile, setRate, steerRun } from './actions.js';
import { byId, inputOf, write } from './elements.js';
import {
  eventRateOf,
  rateOfSlider,
  readFaults,
  readProfile,
  showProfileFields,
  sliderOfRate,
  writeFaults,
  writeProfile,
} from './fields.js';

/**
 * @typedef {import('../schemas.ts').Status} Status
 * @typedef {import('./actions.js').Action} Action
 * @typedef {(action: Action) => Promise<boolean>} Send whether it was done
 * @typedef {{ show: (status: Status) => void }} Control
 */

/**
 * All controls; each shows the state of the run, but for what its user is just filling in.
 * @param {Send} send
 * @returns {Control[]}
 */
export function createControls(send) {
  return [
    pauseControl(send),
    rateControl(send),
    profileControl(send),
    scenarioControl(send),
    faultControl(send),
  ];
}

/**
 * A form that shows the state of the run until its user changes it, and sends it when asked to.
 * @param {Send} send
 * @param {{ form: string, line: string, action: () => Action, fill: (status: Status) => void }} parts ids, what it does, how it shows the state
 */
function formControl(send, { form: id, line, action, fill }) {
  const form = byId(id, HTMLFormElement);
  let touched = false;
  const showLine = () => write(byId(line, HTMLElement), action().line);
  form.addEventListener('input', () => {
    touched = true;
    showLine();
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (await send(action())) touched = false;
  });
  return {
    /** @param {Status} status */
    show(status) {
      if (touched) return;
      fill(status);
      showLine();
    },
  };
}

/**
 * @param {Send} send
 * @returns {Control}
 */
function pauseControl(send) {
  const button = byId('pause', HTMLButtonElement);
  /** @type {'pause' | 'resume'} */
  let next = 'pause';
  button.addEventListener('click', () => send(steerRun(next)));
  return {
    show({ state }) {
      next = state === 'paused' ? 'resume' : 'pause';
      write(button, state === 'paused' ? 'Resume' : 'Pause');
      write(byId('pause-line', HTMLElement), steerRun(next).line);
    },
  };
}

/**
 * @param {Send} send
 * @returns {Control}
 */
function rateControl(send) {
  const field = inputOf('rate');
  const slider = inputOf('rate-slider');
  const moveSlider = (/** @type {number} */ rate) => {
    slider.value = String(sliderOfRate(rate));
    slider.setAttribute('aria-valuetext', `${rate} per second`);
  };
  // Before the form hears of it, so that the command line has the new value.
  slider.addEventListener('input', () => {
    field.value = String(rateOfSlider(Number(slider.value)));
    slider.setAttribute('aria-valuetext', `${field.value} per second`);
  });
  field.addEventListener('input', () => moveSlider(Number(field.value)));
  return formControl(send, {
    form: 'rate-form',
    line: 'rate-line',
    action: () => setRate(Number(field.value)),
    fill({ profile }) {
      field.value = String(eventRateOf(profile));
      moveSlider(eventRateOf(profile));
    },
  });
}

/**
 * @param {Send} send
 * @returns {Control}
 */
function profileControl(send) {
  document.getElementById('profile')?.addEventListener('input', showProfileFields);
  return formControl(send, {
    form: 'profile-form',
    line: 'profile-line',
    action: () => setProfile(readProfile()),
    fill: ({ profile }) => writeProfile(profile),
  });
}

/**
 * @param {Send} send
 * @returns {Control}
 */
function scenarioControl(send) {
  const lasts = byId('scenario-for', HTMLSelectElement);
  /** @type {Set<string>} */
  let active = new Set();
  const actionOf = (/** @type {string} */ name) =>
    active.has(name) ? endScenario(name) : beginScenario(name, lasts.value);
  const rows = [...document.querySelectorAll('[data-scenario]')].map((row) => {
    const name = row.getAttribute('data-scenario') ?? '';
    const title = row.querySelector('strong')?.textContent ?? name;
    const button = /** @type {HTMLButtonElement} */ (row.querySelector('button'));
    const badge = /** @type {HTMLElement} */ (row.querySelector('.badge'));
    button.addEventListener('click', () => send(actionOf(name)));
    return () => {
      const verb = active.has(name) ? 'End' : 'Begin';
      badge.hidden = !active.has(name);
      write(button, verb);
      button.setAttribute('aria-label', `${verb}: ${title}`);
      write(byId(`scenario-line-${name}`, HTMLElement), actionOf(name).line);
    };
  });
  const showRows = () => {
    for (const showRow of rows) showRow();
  };
  lasts.addEventListener('input', showRows);
  return {
    show({ scenarios }) {
      active = new Set(scenarios);
      showRows();
    },
  };
}

/**
 * @param {Send} send
 * @returns {Control}
 */
function faultControl(send) {
  byId('no-faults', HTMLButtonElement).addEventListener('click', async () => {
    if (await send(setFaults({}))) writeFaults({});
  });
  return formControl(send, {
    form: 'faults-form',
    line: 'faults-line',
    action: () => setFaults(readFaults()),
    fill: ({ faults }) => writeFaults(faults),
  });
}
