/**
 * What the shop's visitors do, as numbers. Each constant names its source; those without a published figure say
 * "chosen". The test beside this file compares what comes out with what is aimed at.
 *
 * [UCI] computed from UCI Online Retail (Daqing Chen, 2015, CC BY 4.0), see docs/explanation of the data set.
 */

/** Share of order lines that the best-selling tenth of the products makes. [UCI] */
export const TOP_TENTH_OF_PRODUCTS = 0.455;
/** Returned value as a share of gross sales. [UCI] */
export const RETURN_SHARE = 0.084;

/** What a visitor may do next, with the odds of each, by what was done last. */
export const TRANSITIONS = {
  arrive: { list: 0.38, product: 0.24, search: 0.12, leave: 0.26 },
  list: { product: 0.6, list: 0.14, search: 0.06, leave: 0.2 },
  search: { product: 0.52, search: 0.14, list: 0.1, leave: 0.24 },
  product: { product: 0.36, list: 0.18, search: 0.05, add: 0.09, wish: 0.02, leave: 0.3 },
  add: { product: 0.34, list: 0.1, cart: 0.42, leave: 0.14 },
  wish: { product: 0.6, leave: 0.4 },
  cart: { checkout: 0.6, product: 0.16, remove: 0.08, leave: 0.16 },
  remove: { cart: 0.35, product: 0.35, leave: 0.3 },
  checkout: { address: 0.84, leave: 0.16 },
  address: { shipping: 0.92, leave: 0.08 },
  shipping: { payment: 0.94, leave: 0.06 },
  payment: { review: 0.96, leave: 0.04 },
  review: { authorized: 0.935, failed: 0.035, leave: 0.03 },
  failed: { authorized: 0.6, failed: 0.1, leave: 0.3 },
  authorized: { order: 1 },
  order: { product: 0.08, leave: 0.92 },
} as const satisfies Record<string, Readonly<Record<string, number>>>;

/** Median time to the next thing a visitor does, in ms, and the spread (sigma of the logarithm). Chosen. */
export const THINK_TIME = { median: 14_000, sigma: 0.9 } as const;
/** Time between asking for a payment and knowing its outcome, likewise. Chosen. */
export const PAYMENT_TIME = { median: 1_200, sigma: 0.5 } as const;

/** Share of visits by a customer who is logged in from the start. Chosen. */
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
/** Share of returns that are asked for within two hours, and the mean wait of the others. Chosen. */
export const EARLY_RETURN_SHARE = 0.25;
export const EARLY_RETURN_WITHIN = 2 * 3_600_000;
export const LATE_RETURN_MEAN = 5 * 86_400_000;
/** Share of orders that are reviewed, and the mean wait until then. Chosen. */
export const REVIEWED_SHARE = 0.06;
export const REVIEW_MEAN_WAIT = 2 * 86_400_000;
/** Stars of a review, 1 to 5: the J-shape of published ratings. Chosen. */
export const RATING_WEIGHTS = [0.09, 0.05, 0.08, 0.2, 0.58] as const;

/** Devices of visits. Chosen. */
export const DEVICES = { mobile: 0.58, desktop: 0.37, tablet: 0.05 } as const;
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
/** Share of searches that find nothing. Chosen. */
export const EMPTY_SEARCH_SHARE = 0.08;
/** Share of a visitor's steps that leave a line in a service's log. Chosen. */
export const LOGGED_STEP_SHARE = 0.03;
