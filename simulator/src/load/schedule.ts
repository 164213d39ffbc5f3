import type { RateCurve, RatePiece } from './rate-pieces.ts';

/**
 * When arrivals are due. The n-th one (from 0) is due at t0 + Λ⁻¹(n), where Λ(t) is the integral of the rate: an
 * absolute time, so that no delay adds up, and a change of rate keeps the fraction of an arrival that has built up.
 */
export interface Schedule {
  /** When the next arrival is due, epoch ms with a fraction; Infinity while the rate stays 0. */
  peek(): number;
  /** Passes the next arrival by. */
  take(): void;
  /** Follows another curve from `at` on; arrivals due before keep their times. */
  change(at: number, curve: RateCurve, gap?: Gap): void;
  /** How many arrivals are due before `time` and not taken yet. */
  backlog(time: number): number;
  /** The rate at `time` in arrivals per second. */
  rateAt(time: number): number;
}

/** How much of Λ lies between one arrival and the next: 1 for even ones, exponential for those of a Poisson process. */
export type Gap = () => number;

/** The gap of evenly spaced arrivals. */
export const evenGap: Gap = () => 1;

/** A piece placed in time: `before` is Λ at its start. */
interface Placed {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
  readonly before: number;
}

/** Makes a schedule that begins at `origin` (epoch ms). */
export function createSchedule(origin: number, curve: RateCurve, gap: Gap = evenGap): Schedule {
  let upcoming = curve(origin);
  let nextGap = gap;
  /** Pieces from the next arrival's on, without holes. */
  let pieces: Placed[] = [];
  /** Λ at the next arrival. */
  let taken = 0;

  const append = (start: number, before: number): boolean => {
    const { done, value } = upcoming.next();
    if (done) return false;
    pieces.push(place(value, start, before));
    return true;
  };
  append(origin, 0);

  /** The first piece that fits, adding pieces as needed; undefined when the curve has ended. */
  const extendUntil = (fits: (piece: Placed) => boolean): Placed | undefined => {
    for (let index = 0; ; index++) {
      const piece = pieces[index];
      if (piece && fits(piece)) return piece;
      const last = pieces.at(-1)!;
      if (!piece && (last.end === Number.POSITIVE_INFINITY || !append(last.end, countAt(last, last.end)))) {
        return undefined;
      }
      if (!piece) index -= 1;
    }
  };
  const pieceAt = (time: number) => extendUntil((piece) => time < piece.end) ?? pieces.at(-1)!;

  return {
    peek: () => {
      const piece = extendUntil((candidate) => countAt(candidate, candidate.end) > taken);
      return piece ? timeOf(piece, taken) : Number.POSITIVE_INFINITY;
    },
    take: () => {
      taken += nextGap();
      while (pieces.length > 1 && countAt(pieces[0]!, pieces[0]!.end) <= taken) pieces.shift();
    },
    change: (at, next, gap = nextGap) => {
      nextGap = gap;
      const current = pieceAt(at);
      const time = Math.max(at, current.start);
      const kept = pieces.filter((piece) => piece.start < time);
      pieces = kept.map((piece) => (piece === current ? cut(piece, time) : piece));
      upcoming = next(time);
      append(time, countAt(current, time));
    },
    backlog: (time) => Math.max(0, Math.ceil(countAt(pieceAt(time), time)) - taken),
    rateAt: (time) => rateIn(pieceAt(time), time),
  };
}

function place({ durationMs, from, to }: RatePiece, start: number, before: number): Placed {
  return { start, end: start + durationMs, from, to, before };
}

function cut(piece: Placed, end: number): Placed {
  return { ...piece, end, to: rateIn(piece, end) };
}

function rateIn({ start, end, from, to }: Placed, time: number): number {
  if (from === to) return from;
  return from + ((to - from) * (time - start)) / (end - start);
}

/** Λ at `time`, which lies in the piece: the area of a trapezium. */
function countAt(piece: Placed, time: number): number {
  const { start, from, before } = piece;
  if (time === Number.POSITIVE_INFINITY) return from > 0 ? Number.POSITIVE_INFINITY : before;
  return before + (((from + rateIn(piece, time)) / 2) * (time - start)) / 1000;
}

/** The moment in the piece at which Λ is `count`: the root of a quadratic, in the form that divides by no small number. */
function timeOf({ start, end, from, to, before }: Placed, count: number): number {
  const area = (count - before) * 1000;
  if (area <= 0) return start;
  if (from === to) return start + area / from;
  const slope = (to - from) / (end - start);
  return start + (2 * area) / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * area)));
}
