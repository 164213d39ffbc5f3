import { join } from 'node:path';
import type { TimeScale } from './scale-rules.ts';

/**
 * The folder of a server of the monitoring. Each time scale has one of its own: what one has recorded is no past for another.
 * @param name such as `prometheus`
 */
export function monitoringFolder(dataFolder: string, name: string, scale: TimeScale): string {
  return join(dataFolder, scale === 1 ? name : `${name}-x${scale}`);
}

/** Where Prometheus keeps its blocks, below its folder. */
export const PROMETHEUS_DATA = 'data';
