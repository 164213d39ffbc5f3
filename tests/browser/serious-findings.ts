import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { GRAFANAS_OWN } from '../support/grafanas-own.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds serious or critical on the page as it is, but for what is Grafana's own. */
export async function ownFindings(page: Page): Promise<string[]> {
  return (await seriousFindings(page)).filter((finding) => !isGrafanasOwn(finding));
}

const isGrafanasOwn = (finding: string) =>
  GRAFANAS_OWN.some(({ rule, html }) => finding.startsWith(`${rule}: `) && finding.includes(html));

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
