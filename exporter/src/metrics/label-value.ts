import { looksPersonal, OTHER_VALUE } from '@storepulse/contracts';

/**
 * The value of a dimension as a label. A name that looks like an e-mail address or the number of a card was put into the wrong
 * field by its source, and may not be shown to everybody who reads `/metrics`: it is part of `other` there. Cells and
 * answers keep it as it is.
 */
export const labelValueOf = (value: string): string => (looksPersonal(value) ? OTHER_VALUE : value);
