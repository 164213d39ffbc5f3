import { DURATION_PATTERN } from '../../duration.ts';
import { FAULT_NAMES, FAULTS, type FaultName } from '../../faults/faults.ts';
import { MAX_RATE, PROFILE_NAMES } from '../../load/profile.ts';
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from '../../scenarios/scenarios.ts';

/** What the page calls the profiles, and what each does. */
const PROFILES: Record<(typeof PROFILE_NAMES)[number], string> = {
  'constant-arrival-rate': 'evenly spaced',
  'ramping-arrival-rate': 'ramps, one after the other',
  poisson: 'independent arrivals',
  diurnal: 'the hours and weekdays of the shop',
  spike: 'up to a peak and back',
};

/** The numbers of `GET /v1/status` that the page shows, by field. */
const FIGURES = [
  ['requestedRate', 'Requested'],
  ['achievedRate', 'Achieved'],
  ['sent', 'Stored'],
  ['queued', 'Queued'],
  ['shed', 'Left out'],
  ['waiting', 'Visits under way or planned'],
  ['madeUntil', 'Event time reached'],
  ['shops', 'Shops'],
  ['seed', 'Seed'],
] as const;

/**
 * The HTML of the control page. Its lists come from the same declarations as the interface and the command line.
 * @param prefix address of the folder with its files, with a slash at the end
 */
export function controlPage(prefix: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Storepulse simulator</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${prefix}control-page.css">
<script type="module" src="${prefix}main.js"></script>
</head>
<body>
<header>
<h1>Storepulse simulator</h1>
<p id="state" class="state" role="status">connecting …</p>
<nav aria-label="More of the simulator"><a href="/openapi.json">Interface</a> <a href="/metrics">Metrics</a></nav>
</header>
<main>
<p id="problem" class="wrong" role="alert" hidden></p>
<p id="refused" class="wrong" role="alert" hidden></p>
${keyForm()}
<div id="controls" hidden>
${trafficSection()}
${rateSection()}
${profileSection()}
${scenarioSection()}
${faultSection()}
${timelineSection()}
</div>
<noscript><p>The controls need JavaScript. The command line does without it: <code>npm run sim -- --help</code></p></noscript>
</main>
</body>
</html>
`;
}

/** Shown when the interface asks for a key. */
const keyForm = () => `<form id="key-form" class="card" hidden>
<h2>Key</h2>
<p>This simulator asks for the key of <code>SIMULATOR_API_KEY</code>. It is kept until this tab is closed.</p>
<label for="key">Key</label>
<input id="key" type="password" autocomplete="current-password" required>
<button type="submit">Go on</button>
</form>`;

const trafficSection = () => `<section class="card wide" aria-labelledby="traffic-title">
<h2 id="traffic-title">Traffic</h2>
<svg id="chart" viewBox="0 0 600 160" role="img" aria-labelledby="chart-title" preserveAspectRatio="none">
<title id="chart-title">Requested and achieved rate since this page was opened</title>
<path id="chart-requested" class="requested"></path>
<path id="chart-achieved" class="achieved"></path>
</svg>
<p class="legend"><span class="requested">requested</span> <span class="achieved">achieved</span>
<span id="chart-scale"></span></p>
<p id="chart-note" hidden>What is requested are visits: one visit makes several events, so the two lines differ.</p>
<dl>
${FIGURES.map(([id, title]) => `<div><dt>${title}</dt><dd data-figure="${id}">–</dd></div>`).join('\n')}
</dl>
<div class="actions">
<button id="pause" type="button">Pause</button>
${commandLine('pause-line')}
</div>
</section>`;

const rateSection = () => `<form id="rate-form" class="card">
<h2>Rate</h2>
<label for="rate">Events per second, from now on</label>
<input id="rate" type="number" min="0" max="${MAX_RATE}" step="any" inputmode="decimal" required>
<label for="rate-slider">The same as a slider</label>
<input id="rate-slider" type="range" min="0" max="100" step="1">
<div class="actions"><button type="submit">Set the rate</button>
${commandLine('rate-line')}</div>
</form>`;

const profileSection = () => `<form id="profile-form" class="card">
<h2>Profile</h2>
<label for="profile">How the rate goes</label>
<select id="profile">
${PROFILE_NAMES.map((name) => `<option value="${name}">${name}: ${escapeHtml(PROFILES[name])}</option>`).join('\n')}
</select>
${profileField('profile-rate', 'Arrivals per second', PROFILE_NAMES, numberInput)}
${profileField('profile-peak', 'Peak, arrivals per second', ['spike'], numberInput)}
${profileField('profile-ramp', 'Way up and way down, such as 10s', ['spike'], durationInput)}
${profileField('profile-hold', 'Peak lasts, such as 1m', ['spike'], durationInput)}
${profileField('profile-stages', 'Stages as duration:rate, such as 5m:200 2m:10', ['ramping-arrival-rate'], stagesInput)}
<label class="check"><input id="profile-sessions" type="checkbox"> What arrives are visits, not single events</label>
<div class="actions"><button type="submit">Set the profile</button>
${commandLine('profile-line')}</div>
</form>`;

function profileField(
  id: string,
  title: string,
  of: readonly (typeof PROFILE_NAMES)[number][],
  input: (id: string) => string,
): string {
  return `<div data-of="${of.join(' ')}"><label for="${id}">${title}</label>\n${input(id)}</div>`;
}

const numberInput = (id: string) =>
  `<input id="${id}" type="number" min="0" max="${MAX_RATE}" step="any" inputmode="decimal" required>`;
const DURATION = DURATION_PATTERN.slice(1, -1);
const STAGE = `${DURATION}:[0-9.]+`;
const textInput = (pattern: string, title: string) => (id: string) =>
  `<input id="${id}" type="text" autocomplete="off" pattern="${pattern}" title="${title}" required>`;
const durationInput = textInput(DURATION, 'a number and ms, s, m, h or d, such as 10m');
const stagesInput = textInput(
  `\\s*${STAGE}([\\s,]+${STAGE})*\\s*`,
  'durations with the rate at their ends, such as 5m:200 2m:10',
);

const scenarioSection = () => `<section class="card wide" aria-labelledby="scenarios-title">
<h2 id="scenarios-title">Scenarios</h2>
<label for="scenario-for">A scenario that is begun lasts</label>
<select id="scenario-for">
<option value="">until it is ended</option>
${['1m', '5m', '10m', '1h'].map((time) => `<option>${time}</option>`).join('\n')}
</select>
<ul class="rows">
${SCENARIO_NAMES.map(scenarioRow).join('\n')}
</ul>
</section>`;

function scenarioRow(name: ScenarioName): string {
  const { title, effect } = SCENARIOS[name];
  return `<li data-scenario="${name}">
<div><strong>${escapeHtml(title)}</strong> <span class="badge" hidden>goes on</span><br>${escapeHtml(effect)}</div>
<div class="actions"><button type="button" aria-label="Begin: ${escapeHtml(title)}">Begin</button>
${commandLine(`scenario-line-${name}`)}</div>
</li>`;
}

const faultSection = () => `<form id="faults-form" class="card wide">
<h2>Faults</h2>
<p>Percent of events that each fault befalls; together at most 100.</p>
<div class="grid">
${FAULT_NAMES.map(faultField).join('\n')}
</div>
<div class="actions"><button type="submit">Set the faults</button> <button id="no-faults" type="button">No faults</button>
${commandLine('faults-line')}</div>
</form>`;

const faultField = (name: FaultName) => `<div><label for="fault-${name}">${name.replaceAll('_', ' ')}</label>
<input id="fault-${name}" data-fault="${name}" type="number" min="0" max="100" step="any" inputmode="decimal" value="0" aria-describedby="fault-${name}-what">
<small id="fault-${name}-what">${escapeHtml(FAULTS[name])}</small></div>`;

const timelineSection = () => `<section class="card wide" aria-labelledby="timeline-title">
<h2 id="timeline-title">Recorded timeline</h2>
<p id="timeline-count">Nothing was done to this run yet.</p>
<ol id="timeline" class="rows" aria-labelledby="timeline-title"></ol>
<p>To run it again: ${fixedLine('npm run sim -- timeline --save run.json')} and ${fixedLine('npm run sim -- again run.json')}</p>
</section>`;

/** Where the page writes the command that does the same in a terminal. */
const commandLine = (id: string) => `<code id="${id}" class="line"></code>`;
const fixedLine = (text: string) => `<code class="line">${text}</code>`;

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
