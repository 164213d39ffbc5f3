import type { VisitStep } from '@storepulse/contracts/visit-steps';

/** The steps of a visit as menus and tables name them. */
export const STEPS: Readonly<Record<VisitStep, { title: string; description: string }>> = {
  visited: { title: 'Visited', description: 'The begin of a visit, which every visit has; it comes first' },
  searched: { title: 'Searched', description: 'Searched the shop' },
  viewed: { title: 'Viewed a product', description: 'Looked at the page of a product' },
  carted: { title: 'Added to cart', description: 'Put a product into the cart' },
  checkout: { title: 'Started checkout', description: 'Began to check out' },
  ordered: { title: 'Ordered', description: 'Placed an order' },
};
