/**
 * When shops are busy, by market: orders by hour of the local day, 0 to 23, and by weekday, Monday first. Only the
 * proportions count. The test of the calibration compares what comes out with them.
 *
 * [UCI] computed from UCI Online Retail (Daqing Chen, 2015, CC BY 4.0): 25,900 invoices of a British gift shop.
 * [Instacart] Online Grocery Shopping Dataset 2017: 3,421,083 orders in the United States.
 * [Galaxus] galaxus.de, June 2022: all its German orders of January to May 2021 by hour.
 * [Klarna] conversion data of German shops, 2020: Sunday, Monday and Tuesday lead, in this order.
 * [FutureShop] orders of 2,200 Japanese shops, 2016, against those of 9 o'clock and of Wednesday.
 */
export interface WeekShape {
  readonly hours: readonly number[];
  readonly weekdays: readonly number[];
}

/** Share of a day's orders from 10 to 16 o'clock. [UCI] */
export const HOURS_10_TO_15 = 0.76;
/**
 * [UCI]. That shop sleeps, and is closed on Saturdays: one that never closes has a
 * night, which takes 4 % from the hours around those six, and Saturdays of 6 %. Chosen.
 */
const OFFICE_HOURS: WeekShape = {
  hours: [
    0.0012, 0.001, 0.001, 0.001, 0.001, 0.001, 0.0015, 0.0045, 0.0222, 0.0648, 0.1143, 0.1222, 0.1529, 0.1301,
    0.1211, 0.1185, 0.0694, 0.0428, 0.012, 0.008, 0.0035, 0.0025, 0.002, 0.0015,
  ],
  weekdays: [0.1566, 0.1781, 0.1849, 0.2127, 0.1573, 0.06, 0.1104],
};

/** [Instacart], orders. It numbers the weekdays and names none: that the busiest is Sunday is chosen. */
const DAYTIME: WeekShape = {
  hours: [
    22_758, 12_398, 7_539, 5_474, 5_527, 9_569, 30_529, 91_868, 178_201, 257_812, 288_418, 284_728, 272_841,
    277_999, 283_042, 283_639, 272_553, 228_795, 182_912, 140_569, 104_292, 78_109, 61_468, 40_043,
  ],
  weekdays: [587_478, 467_260, 436_972, 426_339, 453_368, 448_761, 600_905],
};

/** [Galaxus]: 8.88 % from 20 to 21 o'clock, the peak, and a fifth from 20 to 23. [Klarna]. What lies between: chosen. */
const AFTER_WORK: WeekShape = {
  hours: [
    1.4, 0.7, 0.4, 0.3, 0.3, 0.5, 1.2, 2.4, 3.8, 5.3, 5.9, 6, 5.9, 5.8, 5.7, 5.7, 5.8, 6, 6.2, 7.4, 8.88, 7.4,
    4.5, 2.52,
  ],
  weekdays: [0.153, 0.148, 0.139, 0.135, 0.126, 0.13, 0.169],
};

/** [FutureShop]: 22 o'clock 187, noon 145; Thursday and Friday 2 % less than Wednesday, Saturday 4 %. Else chosen. */
const LATE_EVENING: WeekShape = {
  hours: [
    105, 60, 35, 22, 18, 22, 38, 62, 84, 100, 118, 128, 145, 130, 120, 118, 118, 118, 122, 132, 152, 175, 187,
    160,
  ],
  weekdays: [106, 102, 100, 98, 98, 96, 107],
};

/** The shapes by the short names of the markets. */
export const WEEK_SHAPES = { gb: OFFICE_HOURS, us: DAYTIME, de: AFTER_WORK, jp: LATE_EVENING } as const;
