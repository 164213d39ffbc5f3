import { MARK } from './operators.ts';

/** An e-mail address and the number of a card that nothing else has. */
export interface Canary {
  readonly email: string;
  readonly card: string;
}

/** Begins every card's number: of a real issuer, so that what looks for cards finds it. */
const ISSUER = '49990000';

/** The canary of a number below ten million. */
export function canaryOf(n: number): Canary {
  const digits = `${ISSUER}${String(n).padStart(7, '0')}`;
  return { email: `${MARK}${n}@pushed.example`, card: `${digits}${luhn(digits)}` };
}

/** The digit that makes a number one of a card (ISO/IEC 7812). */
function luhn(digits: string): number {
  const sum = [...digits].reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

/** The canaries that a text holds. */
export function canariesIn(text: string): readonly string[] {
  return text.match(new RegExp(`${MARK}\\d+|${ISSUER}\\d{8}`, 'g')) ?? [];
}
