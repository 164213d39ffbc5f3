/** Currency of UCI Online Retail. */
export const CURRENCY = 'GBP';
/** Decimals of its money: four unit prices are 0.001. */
export const SCALE = 3;
/** Time zone that its wall times are in. */
export const TIME_ZONE = 'Europe/London';
