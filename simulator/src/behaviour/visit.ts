import { type WeightedDraw, weightedDraw } from '../random/weighted.ts';
import { sway } from '../scenarios/sway.ts';
import { CHANNELS, LOGGED_STEP_SHARE, PAYMENT_TIME, THINK_TIME, TRANSITIONS } from './calibration.ts';
import type { Actor, Stage } from './stage.ts';
import { createVisitScene, performStep, type Scene, type Step } from './steps.ts';
import { systemLog } from './system-logs.ts';

const drawNext = Object.fromEntries(
  Object.entries(TRANSITIONS).map(([step, odds]) => [step, drawOf<string>(odds)]),
) as Record<Step, WeightedDraw<Step | 'leave'>>;
const drawChannel = drawOf(CHANNELS);

/**
 * One visit: a state machine that does one thing at a time, from the arrival until the visitor leaves, with or
 * without an order. The odds of each next step are in the calibration.
 * @param time when the visitor arrives, epoch ms
 */
export function createVisit(stage: Stage, time: number): Actor {
  const { random } = stage;
  const scene = createVisitScene(stage, stage.visitors.arrive(time), drawChannel(random));
  let step: Step = 'arrive';
  return {
    act: (time) => {
      // What was still there when the visitor made up their mind may be gone by now.
      if (step === 'add' && scene.shown.stock === 0) step = 'product';
      const event = performStep(step, scene, time);
      if (random.chance(LOGGED_STEP_SHARE)) stage.follow((at) => systemLog(stage, at));
      const next = chooseNext(step, scene);
      if (next === 'leave') return { event, wait: null };
      step = next;
      return { event, wait: waitBefore(step, stage) };
    },
  };
}

function chooseNext(step: Step, { stage, cart }: Scene): Step | 'leave' {
  const next = sway(step, drawNext[step](stage.random), stage.active, stage.random);
  const nothingToPay = cart.length === 0 && (next === 'cart' || next === 'checkout' || next === 'remove');
  return nothingToPay ? 'product' : next;
}

/** Who buys in a rush takes so much less time for each step. Chosen. */
const RUSH_PACE = 20;

function waitBefore(step: Step, { random, active }: Stage): number {
  const ofPayment = step === 'order' || step === 'authorized' || step === 'failed';
  const { median, sigma } = ofPayment ? PAYMENT_TIME : THINK_TIME;
  const pace = active.has('order-rush') ? RUSH_PACE : 1;
  return Math.ceil(random.logNormal(median, sigma) / pace);
}

function drawOf<T extends string>(odds: Readonly<Record<T, number>>): WeightedDraw<T> {
  return weightedDraw(Object.keys(odds) as T[], (value) => odds[value]);
}
