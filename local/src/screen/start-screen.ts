import { relative } from 'node:path';
import type pc from 'picocolors';
import type { Member } from '../parts/members.ts';
import type { PhaseSeconds, RunState } from '../parts/run-file.ts';

/** Names of the parts' pages, for the "open" list. */
const PAGES: readonly { part: string; what: string }[] = [
  { part: 'preview', what: 'dashboards' },
  { part: 'exporter', what: 'query API, /metrics for Prometheus' },
  {
    part: 'collector',
    what: 'takes events of your own shop; from everyone on this machine unless it asks for keys',
  },
  { part: 'simulator', what: 'controls of the synthetic traffic: rate, scenarios, faults' },
  { part: 'prometheus', what: 'alerts and rules' },
  { part: 'notifications', what: 'what Alertmanager has sent' },
];

type Colors = ReturnType<typeof pc.createColors>;

/** The one screen of `npm start`: what runs where, what to open, how to stop. */
export function startScreen(
  state: Readonly<RunState>,
  members: readonly Member[],
  dataFolder: string,
  colors: Colors,
): string {
  const { bold, cyan, dim, green } = colors;
  const address = (name: string) => state.parts.find((part) => part.name === name)?.address ?? '';
  const title = (name: string) => members.find((member) => member.name === name)?.title ?? '';
  const isThere = (name: string) => state.parts.some((part) => part.name === name);
  const traffic = isThere('simulator') ? 'with live traffic' : 'waiting for the events of a shop of yours';
  const row = (...cells: string[]) => `  ${cells.join('  ')}`.trimEnd();
  const lines = [
    '',
    row(green(bold(`Storepulse is up, ${traffic}.`))),
    '',
    ...PAGES.filter(({ part }) => isThere(part)).map(({ part, what }, index) =>
      row(bold((index === 0 ? 'Open' : '').padEnd(6)), cyan(address(part).padEnd(26)), what),
    ),
    '',
    ...state.parts.map((part, index) =>
      row(
        bold((index === 0 ? 'Runs' : '').padEnd(6)),
        part.name.padEnd(13),
        part.address.padEnd(26),
        dim(part.state === 'external' ? 'given by address' : `process ${part.pid}`.padEnd(16)),
        dim(title(part.name)),
      ),
    ),
    '',
    row(bold('Data'.padEnd(6)), dim(`${shortPath(dataFolder)} (logs in ${shortPath(dataFolder)}/logs)`)),
    ...(isThere('simulator')
      ? [row(bold('Busier'), 'npm run sim -- rate 50', dim('50 events per second instead of a small shop’s'))]
      : []),
    row(bold('Replay'), 'npm run replay -- --file online-retail.csv.gz --shop uk-retail'),
    row(bold('Stop'.padEnd(6)), 'Ctrl-C here, or npm stop; the data stays'),
    '',
    ...(state.seconds ? [row(dim(phaseLine(state.seconds)))] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function phaseLine({ total, install, fetch, build, servers, parts }: PhaseSeconds): string {
  const phases = Object.entries({ install, fetch, build, servers, parts }).map(
    ([name, seconds]) => `${name} ${seconds.toFixed(1)}`,
  );
  return `Started in ${total.toFixed(1)} s (${phases.join(' · ')}; phases overlap)`;
}

/** A path as one would type it here. */
function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') || short === '' ? path : short;
}
