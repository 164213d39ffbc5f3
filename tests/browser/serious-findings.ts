import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds serious in Grafana's own components, which look the same in Grafana: the picker of the refresh, the button of an interval, names in
 * legends, the switch of annotations, headings of rows, the sign of loading, and tables that scroll.
 */
const GRAFANAS_OWN: readonly (readonly [rule: string, html: string])[] = [
  ['button-name', 'RefreshPicker run button'],
  ['label-content-name-mismatch', 'RefreshPicker interval button'],
  ['label-content-name-mismatch', 'LegendLabel'],
  ['label', 'data-layer-annotations-'],
  ['aria-required-attr', 'role="heading"'],
  ['aria-prohibited-attr', 'data-testid Loading indicator'],
  ['scrollable-region-focusable', 'scrollbar-view'],
];

/** What axe finds serious or critical on the page as it is, but for what is Grafana's own. */
export async function ownFindings(page: Page): Promise<string[]> {
  return (await seriousFindings(page)).filter((finding) => !isGrafanasOwn(finding));
}

const isGrafanasOwn = (finding: string) =>
  GRAFANAS_OWN.some(([rule, html]) => finding.startsWith(`${rule}: `) && finding.includes(html));

/** What axe finds serious or critical on the page as it is. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    interface Finding {
      id: string;
      impact: string;
      nodes: { html: string }[];
    }
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Finding[] }> } };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}
