import { Type } from 'typebox';

/** Things that go wrong, or very well, in a shop: each as a title and what it does. */
export const SCENARIOS = {
  'payment-outage': { title: 'Payment outage', effect: 'nine payments in ten fail' },
  'flash-sale': { title: 'Flash sale', effect: '30 % off everything, and many more who take it' },
  'order-rush': {
    title: 'Order rush',
    effect:
      'nearly everyone buys at once, and many orders are edited, cancelled or refunded within half a minute',
  },
  'bot-traffic': { title: 'Bot traffic', effect: 'six visits in ten are machines that read product pages' },
  'search-breakage': { title: 'Search breakage', effect: 'searches find nothing, and many leave' },
  'stock-out': { title: 'Stock-out', effect: 'the twenty best-selling products are gone' },
  'slow-checkout': {
    title: 'Slow checkout',
    effect: 'the checkout takes twelve times as long, and many leave',
  },
  'price-error': {
    title: 'Catalogue price error',
    effect: 'the hundred best-selling products cost a hundredth',
  },
} as const;
/** The name of a scenario. */
export type ScenarioName = keyof typeof SCENARIOS;
/** All scenarios' names. */
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as ScenarioName[];

/** The name of a scenario, for schemas. */
export const ScenarioName = Type.Unsafe<ScenarioName>({ type: 'string', enum: SCENARIO_NAMES });
/** The scenarios that are going on. */
export type ActiveScenarios = ReadonlySet<ScenarioName>;
