import { CodedError } from '@storepulse/contracts/coded-error';

/** What can be wrong with a lake, and what to do. A closed list. */
export type LakeErrorCode =
  /** The place of the lake can't be used. */
  | 'LAKE_LOCATION'
  /** A file that the manifest names is not there. */
  | 'FILE_MISSING'
  /** Another owner has taken over what this one was about to commit. */
  | 'FENCED';

/** A fault that is told to people as it is, without a stack. */
export class LakeError extends CodedError<LakeErrorCode> {
  override readonly name = 'LakeError';
}
