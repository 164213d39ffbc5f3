import type { Browser, CDPSession, Page } from 'playwright-core';

/** What showing a page once cost. */
export interface Shown {
  /** Wall time from the request until something is painted, ms. */
  readonly firstPaint: number;
  /** Wall time from the request until what was waited for is there, ms. */
  readonly ready: number;
  /** CPU time of the page's main thread until then, ms: scripts, styles, layout and all else. */
  readonly cpu: number;
  /** CPU time of scripts alone, ms. */
  readonly scripts: number;
  readonly requests: number;
  /** Bytes that came over the network, headers among them. */
  readonly bytes: number;
}

/** A page that is shown, and when it is. */
export interface Shot {
  readonly path: string;
  /** Returns once what a reader came for is there. */
  readonly wait: (page: Page) => Promise<void>;
}

/** Opens an address in a browser that knows nothing of it, and then again and again with what it has kept. */
export async function show(
  browser: Browser,
  url: string,
  shot: Shot,
  again: number,
): Promise<{ cold: Shown; warm: Shown[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const cold = await showOnce(await context.newPage(), url, shot);
    const warm: Shown[] = [];
    for (let n = 0; n < again; n++) warm.push(await showOnce(await context.newPage(), url, shot));
    return { cold, warm };
  } finally {
    await context.close();
  }
}

async function showOnce(page: Page, url: string, { path, wait }: Shot): Promise<Shown> {
  const session = await page.context().newCDPSession(page);
  let requests = 0;
  let bytes = 0;
  session.on('Network.requestWillBeSent', () => requests++);
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await session.send('Network.enable');
  // Time of the thread itself: what others do on the machine does not count.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const began = performance.now();
  await page.goto(url + path, { waitUntil: 'commit' });
  await wait(page);
  const ready = performance.now() - began;
  const { TaskDuration = 0, ScriptDuration = 0 } = await metricsOf(session);
  const firstPaint = await page.evaluate<number>(
    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN",
  );
  await page.close();
  return {
    ...{ firstPaint: Math.round(firstPaint), ready: Math.round(ready), requests, bytes },
    ...{ cpu: Math.round(1_000 * TaskDuration), scripts: Math.round(1_000 * ScriptDuration) },
  };
}

async function metricsOf(session: CDPSession): Promise<Record<string, number>> {
  const { metrics } = await session.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}
