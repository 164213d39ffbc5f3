/**
 * What the shop's visitors do, as numbers. Each constant names its source; those without a published figure say
 * "chosen". The test beside this file compares what comes out with the targets.
 *
 * [UCI] computed from UCI Online Retail (Daqing Chen, 2015, CC BY 4.0): 541,909 invoice lines, 4,372 customers.
 * [Monetate 2015] Ecommerce Quarterly, Q1 2015. [Monetate 2019] the same, Q2 2019: visits by device.
 * [Baymard] baymard.com/lists/cart-abandonment-rate, average over its studies.
 * [Littledata] 543 shops, October 2019: checkout completion.
 * [Declines] 10 to 15 % of card payments on the web are declined; 10 % in a 2019 industry estimate.
 */

/** What comes out of the odds below, as shares of visits unless said otherwise. */
export const TARGETS = {
  /** Visits that end with the first page. [Monetate 2015] */
  bounce: 0.3525,
  /** Product pages per visit, a number. [Monetate 2015] */
  viewsPerVisit: 2.28,
  /** Visits that put something into the cart. [Monetate 2015] */
  addToCart: 0.0739,
  /** Visits with an order. [Monetate 2015] */
  conversion: 0.0232,
  /** Carts that are not bought, as a share of carts. [Baymard] */
  cartAbandonment: 0.7019,
  /** Checkouts that end with an order, as a share of checkouts. [Littledata] */
  checkoutCompletion: 0.452,
  /** Failed payments as a share of attempts. [Declines] */
  paymentFailure: 0.1,
} as const;

/** Share of order lines that the best-selling tenth of the products makes. [UCI] */
export const TOP_TENTH_OF_PRODUCTS = 0.455;
/** Returned value as a share of gross sales. [UCI] */
export const RETURN_SHARE = 0.084;
/** Share of customers who order again, and the time until then: median in ms and sigma of the logarithm. [UCI] */
export const REPEAT_SHARE = 0.656;
export const REPEAT_WAIT = { median: 21.9 * 86_400_000, sigma: 1.3 } as const;

/** What a visitor may do next, with the odds of each, by what was done last: chosen so that the targets come out. */
export const TRANSITIONS = {
  arrive: { list: 0.32, product: 0.2175, search: 0.11, leave: 0.3525 },
  list: { product: 0.72, list: 0.12, search: 0.06, leave: 0.1 },
  search: { product: 0.68, search: 0.14, list: 0.06, leave: 0.12 },
  product: { product: 0.52, list: 0.18, search: 0.05, add: 0.035, wish: 0.01, leave: 0.205 },
  add: { another: 0.6, cart: 0.34, leave: 0.06 },
  another: { add: 0.44, another: 0.2, cart: 0.28, leave: 0.08 },
  wish: { product: 0.6, leave: 0.4 },
  cart: { checkout: 0.76, another: 0.08, remove: 0.05, leave: 0.11 },
  remove: { cart: 0.5, another: 0.3, leave: 0.2 },
  checkout: { address: 0.72, leave: 0.28 },
  address: { shipping: 0.85, leave: 0.15 },
  shipping: { payment: 0.88, leave: 0.12 },
  payment: { review: 0.92, leave: 0.08 },
  review: { authorized: 0.85, failed: 0.095, leave: 0.055 },
  failed: { authorized: 0.6, failed: 0.07, leave: 0.33 },
  authorized: { order: 1 },
  order: { product: 0.05, leave: 0.95 },
} as const satisfies Record<string, Readonly<Record<string, number>>>;

/** Median time to the next thing a visitor does, in ms, and the spread (sigma of the logarithm). Chosen. */
export const THINK_TIME = { median: 14_000, sigma: 0.9 } as const;
/** How long a product's page is looked at, likewise. Chosen. */
export const VIEW_TIME = { median: 18_000, sigma: 0.9 } as const;
/** Time between asking for a payment and knowing its outcome, likewise. Chosen. */
export const PAYMENT_TIME = { median: 1_200, sigma: 0.5 } as const;

/** How long the shop takes to answer a step of the checkout, likewise. Chosen. */
export const CHECKOUT_LATENCY = { median: 260, sigma: 0.6 } as const;

/** Share of visits by a customer who may buy again soon and is logged in from the start. Chosen. */
export const KNOWN_CUSTOMER_SHARE = 0.25;
/** Share of the other visits that were here before. Chosen. */
export const RETURNING_VISITOR_SHARE = 0.3;
/** Share of unknown buyers who open an account at the checkout. Chosen. */
export const REGISTRATION_SHARE = 0.7;

/** Odds of one more piece of the same product in the cart. Chosen. */
export const ANOTHER_PIECE = 0.25;
/** Share of orders with a voucher, and what it takes off. Chosen. */
export const VOUCHER_SHARE = 0.18;
export const VOUCHER_PERCENT = [5, 10, 15, 20] as const;

/** Share of orders called off, and the longest wait until then. Chosen. */
export const CANCELLED_SHARE = 0.015;
export const CANCELLED_WITHIN = 45 * 60_000;
/** Share of the orders called off that had been paid and are refunded, within how long. Chosen. */
export const CANCELLED_REFUNDED_SHARE = 0.5;
export const CANCELLED_REFUNDED_WITHIN = 2 * 3_600_000;
/** Share of orders that are edited, and the longest wait until then. Chosen. */
export const EDITED_SHARE = 0.02;
export const EDITED_WITHIN = 30 * 60_000;
/** Share of orders that come back whole of which delivery is refunded as well. Chosen. */
export const SHIPPING_REFUNDED_SHARE = 0.7;
/** Share of orders kept of which some of the price is given back out of goodwill, and how much. Chosen. */
export const GOODWILL_SHARE = 0.01;
export const GOODWILL_PERCENT = 10;
/** Share of returns within two hours, and the wait of the others: median in ms and sigma of the logarithm. [UCI] */
export const EARLY_RETURN_SHARE = 0.09;
export const EARLY_RETURN_WITHIN = 2 * 3_600_000;
export const LATE_RETURN_WAIT = { median: 10.5 * 86_400_000, sigma: 1.4 } as const;
/** Share of orders that are reviewed, and the mean wait until then. Chosen. */
export const REVIEWED_SHARE = 0.06;
export const REVIEW_MEAN_WAIT = 2 * 86_400_000;
/** Stars of a review, 1 to 5: the J-shape of published ratings. Chosen. */
export const RATING_WEIGHTS = [0.09, 0.05, 0.08, 0.2, 0.58] as const;

/** Devices of visits. [Monetate 2019] */
export const DEVICES = { mobile: 0.602, desktop: 0.321, tablet: 0.077 } as const;
/** Channels of visits. Chosen. */
export const CHANNELS = {
  direct: 0.22,
  organic_search: 0.3,
  paid_search: 0.16,
  social: 0.1,
  email: 0.1,
  referral: 0.06,
  affiliate: 0.04,
  display: 0.02,
} as const;
/** Payment methods. Chosen. */
export const PAYMENT_METHODS = { card: 0.62, paypal: 0.24, wallet: 0.1, invoice: 0.04 } as const;
/** Share of visits that are machines while there is bot traffic. Chosen. */
export const BOT_SHARE = 0.6;
/** Share of searches that find nothing. Chosen. */
export const EMPTY_SEARCH_SHARE = 0.08;
/** Share of a visitor's steps that leave a line in a service's log. Chosen. */
export const LOGGED_STEP_SHARE = 0.03;
