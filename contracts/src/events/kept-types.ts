/** The types of the events that MongoDB keeps, in the order of the registry; a test compares them with it. */
export const KEPT_EVENT_TYPES = [
  'order_placed',
  'order_edited',
  'payment_authorized',
  'payment_failed',
  'order_cancelled',
  'refund_issued',
  'adjustment_posted',
  'stock_moved',
  'exchange_rate_posted',
  'review_submitted',
] as const;
