import { SESSION_STEPS, type SessionStep } from './catalog/session.ts';

/** The steps of a visit that are stored with it: `visited` is its begin, which every visit has. */
export const VISIT_STEPS = ['visited', ...(Object.keys(SESSION_STEPS) as SessionStep[])] as const;
/** A step of a visit that a funnel can ask for. */
export type VisitStep = (typeof VISIT_STEPS)[number];

/** Dimensions that are stored with a visit: those of its earliest event. */
export const VISIT_DIMENSIONS = ['country', 'device', 'channel'] as const;
/** A dimension of a visit. */
export type VisitDimension = (typeof VISIT_DIMENSIONS)[number];
