import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PreviewPaths } from './paths.ts';

/** Whether the preview can draw, and what it waits for. */
export interface Readiness {
  ready: boolean;
  /** What is missing, in words; empty when ready. */
  missing: string[];
}

const EXPORTER_TIMEOUT_MS = 2_000;

/** The preview is ready when both bundles are built and the exporter says that it is ready. */
export async function checkReadiness(paths: PreviewPaths, exporterUrl: string): Promise<Readiness> {
  const missing: string[] = [];
  if (!existsSync(join(paths.plugin, 'module.js'))) {
    missing.push('the data source is not built: npm run build -w storepulse-commerce-datasource');
  }
  if (!existsSync(join(paths.host, 'assets.json'))) {
    missing.push('the page is not built: npm run build -w @storepulse/preview');
  }
  if (!(await isExporterReady(exporterUrl))) {
    missing.push(`the exporter at ${exporterUrl} is not ready`);
  }
  return { ready: missing.length === 0, missing };
}

async function isExporterReady(exporterUrl: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(EXPORTER_TIMEOUT_MS);
    const response = await fetch(new URL('/-/ready', exporterUrl), { signal });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
