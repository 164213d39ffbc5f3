import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { findBrowser } from '@storepulse/local';
import { chromium } from 'playwright-core';
import { type Shot, type Shown, show } from './measure.ts';
import { startStand } from './stand.ts';

const HELP = `Usage: npx node bench/preview/run.ts [options]

How soon the preview shows what one came for, in a real browser, in front of an exporter that reads a shop from memory: the
editor, Explore and the first dashboard; cold (a browser that has kept nothing) and warm (it has). CPU milliseconds of the
page's main thread, wall milliseconds, requests and bytes; of the warm ones the median. Build both first:
npm run build -w storepulse-commerce-datasource && npm run build -w @storepulse/preview

  --again N      warm repeats (default 5)
  --serve PORT   measures nothing, and serves the preview of that shop until Ctrl-C
  --out FILE     writes the figures there as JSON
  --help
`;
const { values } = parseArgs({
  options: {
    again: { type: 'string', default: '5' },
    serve: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const SHOTS: Readonly<Record<string, Shot>> = {
  editor: {
    path: '/editor',
    wait: (page) => page.getByRole('combobox', { name: 'Metric' }).waitFor(),
  },
  explore: {
    path: '/explore',
    wait: (page) => page.locator('canvas').first().waitFor(),
  },
  dashboard: {
    path: '/',
    wait: async (page) => {
      const panel = (title: string) => page.getByTestId(`data-testid Panel header ${title}`);
      await panel('Sales over time').locator('canvas').waitFor();
      await panel('Top products').getByRole('row').nth(1).waitFor();
    },
  },
};

const stand = await startStand(Number(values.serve ?? 0));
if (values.serve !== undefined) {
  process.stdout.write(`${stand.url}\n`);
} else {
  try {
    await measureAll();
  } finally {
    await stand.stop();
  }
}

async function measureAll(): Promise<void> {
  const { executablePath, args, env } = await findBrowser();
  const browser = await chromium.launch({
    ...{ executablePath, args: [...args, '--disable-gpu', '--disable-background-networking'] },
    env: { ...process.env, ...env },
  });
  const figures: Record<string, { cold: Shown; warm: Shown }> = {};
  const load = () => Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
  const before = load();
  try {
    // What the browser itself compiles at its first page is not the preview's.
    await show(browser, stand.url, { path: '/-/healthy', wait: async () => {} }, 1);
    for (const [name, shot] of Object.entries(SHOTS)) {
      const { cold, warm } = await show(browser, stand.url, shot, Number(values.again));
      figures[name] = { cold, warm: medianOf(warm) };
    }
  } finally {
    await browser.close();
  }
  const result = { loadBefore: before, loadAfter: load(), ...figures };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  if (values.out) await writeFile(values.out, `${JSON.stringify(result, null, 2)}\n`);
}

function medianOf(list: readonly Shown[]): Shown {
  const median = (of: keyof Shown) => list.map((each) => each[of]).sort((a, b) => a - b)[list.length >> 1]!;
  return {
    ...{ firstPaint: median('firstPaint'), ready: median('ready'), cpu: median('cpu') },
    ...{ scripts: median('scripts'), requests: median('requests'), bytes: median('bytes') },
  };
}
