import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findBrowser, LocalError } from '@storepulse/local';
import { ROOT } from '@storepulse/local/paths';
import { createTerminal, type Terminal } from '@storepulse/local/screen/terminal';
import { Command } from 'commander';
import { type BrowserContext, chromium } from 'playwright-core';
import { machineClock } from '../support/clock.ts';
import { isPainted, openDashboard, type Seen } from './open-dashboard.ts';
import { startDashboardStage } from './stage.ts';

/** A wall, a laptop and a phone. */
const WIDTHS = [1920, 1280, 390] as const;
const DASHBOARDS = join(ROOT, 'provisioning/grafana/dashboards');
const LOOK_EVERY_MS = 20;
const PAINTED_MS = 120_000;
/** Prometheus has to have looked a few times before its panels can show rates. */
const SCRAPES_MS = 60_000;

interface Options {
  history: string;
  at: string | undefined;
  pictures: string | undefined;
}

const command = new Command('test:dashboards')
  .description(
    'Opens every dashboard in the preview of a stack of its own with history: no panel may be without data or show an error, axe may find nothing serious, on a wall, a laptop and a phone',
  )
  .option('--history <length>', 'how much history', '30d')
  .option('--at <address>', 'the preview of a stack that runs, instead of one of its own')
  .option('--pictures <folder>', 'puts a picture of each there, for every width')
  .addHelpText(
    'after',
    `
It takes some minutes, and tells how long the first dashboard takes to be painted: cold, by a browser that knows nothing, and warm.
Exit status: 0 all as meant · 1 not`,
  )
  .action(main);

async function main(options: Options): Promise<void> {
  const terminal = createTerminal(process.stdout);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  try {
    const isAsMeant = options.at
      ? await look(options.at, options, terminal)
      : await lookAtOwn(options, terminal, stopping.signal);
    if (!isAsMeant) process.exitCode = 1;
  } catch (error) {
    if (!stopping.signal.aborted && !(error instanceof LocalError)) throw error;
    terminal.warn(stopping.signal.aborted ? 'Given up.' : (error as LocalError).message);
    process.exitCode = 1;
  }
}

async function lookAtOwn(options: Options, terminal: Terminal, signal: AbortSignal): Promise<boolean> {
  const stage = await startDashboardStage(options.history, terminal, signal);
  try {
    const began = performance.now();
    await stage.untilCounted();
    const counted = performance.now() - began;
    terminal.print(`  the history was counted ${(counted / 1_000).toFixed(0)} s after the start`);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, SCRAPES_MS - counted)));
    return await look(stage.preview, options, terminal);
  } finally {
    await stage.close();
  }
}

/** @returns whether everything was as meant */
async function look(address: string, { pictures }: Options, terminal: Terminal): Promise<boolean> {
  const { executablePath, args, env } = await findBrowser();
  const browser = await chromium.launch({
    executablePath,
    args: [...args, '--disable-gpu', '--disable-background-networking'],
    env: { ...process.env, ...env },
  });
  try {
    const context = await browser.newContext();
    for (const what of ['cold', 'warm']) {
      const seconds = await secondsUntilPainted(context, address);
      terminal.print(`  first dashboard painted, ${what}: ${seconds.toFixed(1)} s of a quiet machine`);
    }
    let holds = true;
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`${message.text()} ${message.location().url}`);
    });
    for (const uid of await dashboardUids()) {
      for (const width of WIDTHS) {
        const seen = await openDashboard(page, `${address}/d/${uid}?refresh=`, width, errors);
        if (pictures !== undefined) {
          const path = join(resolve(pictures), `${uid}-${width}.png`);
          await page.screenshot({ path, animations: 'disabled' });
        }
        holds = tell(`${uid}, ${width} wide`, seen, terminal) && holds;
      }
    }
    return holds;
  } finally {
    await browser.close();
  }
}

/** From the address in the browser's line until every panel in sight shows its data. */
async function secondsUntilPainted(context: BrowserContext, address: string): Promise<number> {
  const page = await context.newPage();
  await page.setViewportSize({ width: 1280, height: 800 });
  const stopwatch = await machineClock.start();
  await page.goto(address, { waitUntil: 'commit' });
  const deadline = performance.now() + PAINTED_MS;
  while (!(await isPainted(page).catch(() => false))) {
    if (performance.now() > deadline)
      throw new Error('The first dashboard was not painted within two minutes');
    await page.waitForTimeout(LOOK_EVERY_MS);
  }
  const seconds = stopwatch() / 1_000;
  await page.close();
  return seconds;
}

function tell(what: string, { panels, ...faults }: Seen, terminal: Terminal): boolean {
  const found = Object.entries(faults).filter(([, list]) => list.length > 0);
  if (found.length === 0) terminal.print(`  ✓ ${what}: ${panels} panels`);
  for (const [kind, list] of found) terminal.warn(`${what}: ${kind}: ${[...new Set(list)].join(' · ')}`);
  return found.length === 0;
}

async function dashboardUids(): Promise<string[]> {
  const names = (await readdir(DASHBOARDS)).filter((name) => name.endsWith('.json')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(DASHBOARDS, name), 'utf8')));
  return texts.map((text) => (JSON.parse(text) as { uid: string }).uid);
}

await command.parseAsync();
