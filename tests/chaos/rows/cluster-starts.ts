import type { Pipeline } from '../../support/pipeline/pipeline.ts';
import type { Row } from '../row.ts';
import { createAttempts } from '../support/attempts.ts';
import { LEVEL_MS } from '../support/level.ts';

/** Every so many starts there are no topics yet. */
const NEW_TOPICS_EVERY = 3;

/** Nothing is wrong with a cluster, and a processor is started on it again and again. */
export const clusterStarts: Row = {
  id: 'R22',
  what: 'starts of a processor on three brokers, every third before its topics are made',
  figure: 'every start succeeds, and it counts within 30 s',
  repeats: 30,
  // Of three brokers, which take half a minute to start: left to the whole matrix.
  small: 0,
  run: async ({ cluster: startCluster, clock, name, repeats, onRepeat }) => {
    const cluster = await startCluster();
    const attempts = createAttempts({ onRepeat });
    let pipeline: Pipeline | undefined;
    for (let n = 0; n < repeats; n++) {
      if (n % NEW_TOPICS_EVERY === 0) pipeline = cluster.pipeline(`${name}-${n}`);
      await attempts.repeat(`start ${n + 1}`, async () => {
        const stopwatch = await clock.start();
        const { service } = await pipeline!.start('processor');
        const elapsed = stopwatch();
        await service.stop();
        if (elapsed > LEVEL_MS) throw new Error(`it took ${Math.round(elapsed)} ms, more than ${LEVEL_MS}`);
        return elapsed;
      });
    }
    return attempts.outcome();
  },
};
