import { type Static, Type } from 'typebox';
import { RangeTime } from './query-parts.ts';

/** Marks of one answer: with more, a late correction far back would cost less, and each request more. */
export const MOST_MARKS = 6;

/** A part of an answer that whoever has it may keep, and what tells whether it still is the answer. */
export const HeldMark = Type.Object(
  {
    from: { ...RangeTime, description: 'where its first bucket begins, epoch ms' },
    until: { ...RangeTime, description: 'where its last bucket ends' },
    tag: Type.String({
      maxLength: 40,
      description: 'changes with whatever changes a figure of it: a late event, a rebuild, the shop’s record',
    }),
  },
  { additionalProperties: false },
);
/** A part of an answer that whoever has it may keep, and what tells whether it still is the answer. */
export type HeldMark = Static<typeof HeldMark>;
