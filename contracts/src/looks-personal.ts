/** Digits of a card's number, with what people put between them. */
const DIGITS = /\d(?:[ -]?\d){12,18}/g;

/**
 * Whether a text holds an e-mail address or the number of a card (13 to 19 digits with the check digit of ISO/IEC 7812): it
 * was put where neither belongs, and is not to be shown. One long number in ten passes the check by chance.
 */
export function looksPersonal(text: string): boolean {
  return /\S@\S+\.\S/.test(text) || (text.match(DIGITS) ?? []).some(isCard);
}

function isCard(text: string): boolean {
  const digits = [...text.replaceAll(/\D/g, '')].reverse().map(Number);
  const sum = digits.reduce((total, digit, at) => {
    const weighed = at % 2 === 1 ? 2 * digit : digit;
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return sum % 10 === 0;
}
