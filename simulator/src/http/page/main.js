import { ApiError, createApi, KeyNeeded } from './api.js';
import { createControls } from './controls.js';
import { byId, inputOf, write } from './elements.js';
import { figureOf } from './figures.js';
import { createRateChart } from './rate-chart.js';
import { showTimeline } from './timeline.js';

/**
 * @typedef {import('../schemas.ts').Status} Status
 */

const LOOK_EVERY_MS = 1_000;
/** The timeline seldom changes by other hands than this page's. */
const TIMELINE_EVERY_LOOKS = 5;

const api = createApi(sessionStorage);
const chart = createRateChart();
const controls = createControls(send);
/** What keeps the page from showing the run; what was asked for and not done. */
const problem = byId('problem', HTMLElement);
const refused = byId('refused', HTMLElement);
const keyForm = byId('key-form', HTMLFormElement);

keyForm.addEventListener('submit', (event) => {
  event.preventDefault();
  api.useKey(inputOf('key').value);
  void tryTo(look, problem);
});
void goOn();

/** Looks at the simulator for as long as the page is open; a page in the background rests. */
async function goOn() {
  for (let looks = 0; ; looks++) {
    if (!document.hidden && (looks === 0 || keyForm.hidden)) {
      await tryTo(look, problem);
      if (looks % TIMELINE_EVERY_LOOKS === 0 && keyForm.hidden) await tryTo(lookAtTimeline, problem);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function look() {
  show(await api.request('GET', '/v1/status'));
}

async function lookAtTimeline() {
  showTimeline(await api.request('GET', '/v1/timeline/recent'), Date.now());
}

/**
 * Does what the user has asked for, and shows what follows.
 * @param {import('./actions.js').Action} action
 * @returns {Promise<boolean>} whether it was done
 */
function send({ method, path, body }) {
  return tryTo(async () => {
    show(await api.request(method, path, body));
    await lookAtTimeline();
    say(refused, '');
  }, refused);
}

/**
 * @param {() => Promise<void>} work
 * @param {HTMLElement} place where the page says why it did not go well
 * @returns {Promise<boolean>} whether it went well
 */
async function tryTo(work, place) {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error instanceof KeyNeeded) {
      keyForm.hidden = false;
      byId('controls', HTMLElement).hidden = true;
      showState('asks for a key');
      say(problem, error.message);
      return false;
    }
    if (place === problem) showState('not reached');
    say(place, error.message);
    return false;
  }
}

/** @param {Status} status */
function show(status) {
  keyForm.hidden = true;
  byId('controls', HTMLElement).hidden = false;
  showState(status.state);
  chart.add({ at: Date.now(), requested: status.requestedRate, achieved: status.achievedRate });
  byId('chart-note', HTMLElement).hidden = status.profile.unit !== 'sessions';
  for (const element of document.querySelectorAll('[data-figure]')) {
    write(element, figureOf(status, element.getAttribute('data-figure') ?? ''));
  }
  for (const control of controls) control.show(status);
  say(problem, status.state === 'stopped' ? 'The run has ended. Begin another one: npm run sim -- run' : '');
}

/** @param {string} text */
function showState(text) {
  const state = byId('state', HTMLElement);
  write(state, text);
  state.dataset.state = text;
}

/**
 * @param {HTMLElement} place
 * @param {string} text what is wrong; nothing when empty
 */
function say(place, text) {
  write(place, text);
  place.hidden = text === '';
}
