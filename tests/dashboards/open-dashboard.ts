import type { Page } from 'playwright-core';
import { ownFindings } from '../browser/serious-findings.ts';
import { until } from '../support/until.ts';

/** What was seen of one dashboard. */
export interface Seen {
  panels: number;
  /** Titles of the panels that have no data. */
  empty: string[];
  /** Titles of the panels that say what is wrong. */
  failed: string[];
  /** What the page told the browser as errors. */
  errors: string[];
  /** What axe finds serious, but for Grafana's own components. */
  serious: string[];
  /** Titles of the panels whose content is wider than they are. */
  cut: string[];
}

const PANEL = '[data-testid^="data-testid Panel header"]';
const LOADED_MS = 120_000;
/** Until graphs are drawn. */
const DRAWN_MS = 1_500;
/** Higher than a screen: what is out of sight is drawn when the page is as high as all panels. */
const LEAST_HEIGHT = 900;

/** Panels as the page shows them now. */
interface Shown {
  title: string;
  isLoading: boolean;
  isPainted: boolean;
  isEmpty: boolean;
  isFailed: boolean;
  isInView: boolean;
}

/**
 * Opens a dashboard, looks at all of its panels, and leaves the page as high as all of them.
 * @param errors what the page has told, emptied by whoever opens
 */
export async function openDashboard(
  page: Page,
  address: string,
  width: number,
  errors: string[],
): Promise<Seen> {
  errors.length = 0;
  await page.setViewportSize({ width, height: LEAST_HEIGHT });
  await page.goto(address);
  await page.locator(PANEL).first().waitFor({ timeout: LOADED_MS });
  const height: number = await page.evaluate(
    "Math.max(...[...document.querySelectorAll('*')].map(({ scrollHeight }) => scrollHeight))",
  );
  await page.setViewportSize({ width, height: Math.max(LEAST_HEIGHT, height) });
  const shown = await until(
    `all panels of ${address} are painted`,
    () => shownPanels(page),
    (panels) => panels.every(({ isLoading, isPainted }) => !isLoading && isPainted),
    LOADED_MS,
  );
  await page.waitForTimeout(DRAWN_MS);
  const titles = (isWanted: (panel: Shown) => boolean) => shown.filter(isWanted).map(({ title }) => title);
  return {
    panels: shown.length,
    empty: titles(({ isEmpty }) => isEmpty),
    failed: titles(({ isFailed }) => isFailed),
    errors: [...errors],
    serious: await ownFindings(page),
    cut: await cutPanels(page),
  };
}

/** Whether all panels in sight are painted. */
export async function isPainted(page: Page): Promise<boolean> {
  const inView = (await shownPanels(page)).filter((panel) => panel.isInView);
  return inView.length > 0 && inView.every((panel) => !panel.isLoading && panel.isPainted);
}

function shownPanels(page: Page): Promise<Shown[]> {
  return page.locator(PANEL).evaluateAll((panels) =>
    panels.map((panel) => {
      const content = panel.querySelector('[data-testid="data-testid panel content"]');
      const text = content?.textContent?.trim() ?? '';
      const { top } = panel.getBoundingClientRect();
      return {
        title: (panel.getAttribute('data-testid') ?? '').replace('data-testid Panel header ', ''),
        isLoading: panel.querySelector('[aria-label="Panel loading bar"]') !== null,
        isPainted: text !== '' || content?.querySelector('canvas, svg') != null,
        isEmpty: text === 'No data',
        isFailed: panel.querySelector('[data-testid="data-testid Panel status error"]') !== null,
        isInView: top < panel.ownerDocument.documentElement.clientHeight,
      };
    }),
  );
}

/** Panels whose text is cut off without a way to see the rest: no ellipsis, no scrolling. */
function cutPanels(page: Page): Promise<string[]> {
  return page
    .locator(PANEL)
    .evaluateAll((panels) =>
      panels
        .filter((panel) => panel.scrollWidth > panel.clientWidth + 1)
        .map((panel) => (panel.getAttribute('data-testid') ?? '').replace('data-testid Panel header ', '')),
    );
}
