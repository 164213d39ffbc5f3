/** Where an archiver is in its work: the points at which the tests end it without a warning. A closed list. */
export const ARCHIVER_STEPS = [
  'claimed',
  'file-written',
  'file-stored',
  'files-stored',
  'in-commit',
  'committed',
  'merge-stored',
  'in-merge-commit',
  'merge-committed',
  'erasure-stored',
  'erasure-committed',
  'file-deleted',
] as const;
/** One of them. */
export type ArchiverStep = (typeof ARCHIVER_STEPS)[number];
/** Told of each step as it is reached. */
export type OnStep = (step: ArchiverStep) => void;
