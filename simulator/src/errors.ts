import { CodedError } from '@storepulse/contracts/coded-error';

/** What can go wrong because of the input or the surroundings. A closed list. */
export type SimulatorErrorCode =
  | 'broker-unreachable'
  | 'file-unreadable'
  | 'file-damaged'
  | 'file-changed'
  | 'wrong-header'
  | 'wrong-form'
  | 'control-unreachable'
  | 'collector-unreachable'
  | 'exporter-unreachable'
  | 'ledger-incomplete'
  | 'not-drained'
  | 'database-unreachable'
  | 'refused';

/** A fault that its reader can mend: the message says what happened, where, and what to do. */
export class SimulatorError extends CodedError<SimulatorErrorCode> {
  override readonly name = 'SimulatorError';
}
