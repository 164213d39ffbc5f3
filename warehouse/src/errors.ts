import { CodedError } from '@storepulse/contracts/coded-error';

/** What can be wrong with a warehouse, and what to do. A closed list. */
export type WarehouseErrorCode =
  /** The models contradict themselves: a mistake in their files. */
  | 'PROJECT'
  /** A model's SQL was refused. */
  | 'MODEL_FAILED'
  /** Data contradict a test of the models. */
  | 'TESTS_FAILED'
  /** The database can't be opened, or another run is using it. */
  | 'DATABASE'
  /** What was asked for can't be done as asked. */
  | 'REQUEST'
  /** The exporter or the ledger can't be read. */
  | 'UNREACHABLE';

/** A fault that is told to people as it is, without a stack. */
export class WarehouseError extends CodedError<WarehouseErrorCode> {
  override readonly name = 'WarehouseError';
}
