import type { Actor, Stage } from './stage.ts';
import { createVisitScene, performStep } from './steps.ts';

/** A machine reads so many product pages, one every so many ms. Chosen. */
const PAGES = { min: 15, max: 60 } as const;
const PAUSE = { min: 150, max: 700 } as const;

/** A visit by a machine: it arrives and reads product pages in quick succession, and never buys. */
export function createBotVisit(stage: Stage): Actor {
  const { random, ids, world } = stage;
  const visitor = {
    visitorId: ids.name('v'),
    device: 'desktop',
    country: world.drawCountry(random),
    person: null,
  };
  const scene = createVisitScene(stage, visitor, 'direct');
  let left: number = random.integer(PAGES.min, PAGES.max);
  let arrived = false;
  return {
    act: (time) => {
      const event = performStep(arrived ? 'product' : 'arrive', scene, time);
      arrived = true;
      left -= 1;
      return { event, wait: left === 0 ? null : random.integer(PAUSE.min, PAUSE.max) };
    },
  };
}
