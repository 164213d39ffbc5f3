/** The share of the whole that the `top` largest of `count` Zipf weights (rank^-exponent) hold together. */
export function zipfTopShare(count: number, top: number, exponent: number): number {
  let head = 0;
  let all = 0;
  for (let rank = 1; rank <= count; rank++) {
    const weight = rank ** -exponent;
    all += weight;
    if (rank <= top) head += weight;
  }
  return head / all;
}

/**
 * The Zipf exponent at which the top tenth of `count` items holds the given share of the whole, by bisection; the
 * share grows with the exponent.
 */
export function zipfExponent(count: number, topTenthShare: number): number {
  const top = Math.max(1, Math.round(count / 10));
  let low = 0;
  let high = 4;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (zipfTopShare(count, top, middle) < topTenthShare) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
