import type { Guard } from '../processes/guard.ts';
import type { Service } from '../processes/service.ts';

/**
 * Starts the nodes of a cluster at once, and waits until they serve together; when any of it fails, all are stopped.
 * @returns stops all of them: at once, for the last ones of a cluster could not tell anyone that they leave
 */
export async function startTogether(
  nodes: readonly Service[],
  guard: Guard,
  untilTogether: () => Promise<void>,
): Promise<() => Promise<void>> {
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await guard.close();
  };
  try {
    await Promise.all(nodes.map((node) => node.start()));
    await untilTogether();
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
