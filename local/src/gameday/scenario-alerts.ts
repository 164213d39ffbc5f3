import type { ScenarioName } from '@storepulse/simulator/scenarios/scenarios';

/** What a scenario is meant to raise. */
export interface ScenarioAlert {
  /** The alert that must fire. */
  alert: string;
  /**
   * Alerts that may follow from it while it fires. Alertmanager holds them back (`inhibit_rules`), so nobody is told of them.
   */
  follows: readonly string[];
}

/** The alert of each scenario of the simulator. */
export const SCENARIO_ALERTS: Readonly<Record<ScenarioName, ScenarioAlert>> = {
  'payment-outage': {
    alert: 'PaymentsFailing',
    follows: ['PaymentsFailingSlowly', 'OrdersDropped', 'OrdersStopped', 'ConversionDropped'],
  },
  'flash-sale': {
    alert: 'DiscountsJumped',
    follows: ['OrdersSpiked', 'OrderValueJumped', 'RefundsSpiked'],
  },
  'order-rush': { alert: 'OrdersSpiked', follows: ['OrderValueJumped', 'RefundsSpiked'] },
  'bot-traffic': {
    alert: 'ViewsPerVisitJumped',
    follows: ['ConversionDropped', 'OrdersDropped', 'OrdersStopped'],
  },
  'search-breakage': {
    alert: 'SearchesFailing',
    follows: ['OrdersDropped', 'OrdersStopped', 'ConversionDropped'],
  },
  'stock-out': { alert: 'ProductsSoldOut', follows: ['OrdersDropped', 'OrdersStopped', 'ConversionDropped'] },
  'slow-checkout': {
    alert: 'CheckoutSlow',
    follows: ['OrdersDropped', 'OrdersStopped', 'ConversionDropped'],
  },
  'price-error': { alert: 'OrderValueJumped', follows: [] },
};
