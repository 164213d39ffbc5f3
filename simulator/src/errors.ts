/** What can go wrong because of the input or the surroundings. A closed list; each code has a row in the docs. */
export const SIMULATOR_ERROR_CODES = [
  'broker-unreachable',
  'file-unreadable',
  'file-damaged',
  'file-changed',
  'wrong-header',
  'control-unreachable',
  'exporter-unreachable',
  'ledger-incomplete',
  'not-drained',
  'database-unreachable',
  'refused',
] as const;
/** What can go wrong because of the input or the surroundings. */
export type SimulatorErrorCode = (typeof SIMULATOR_ERROR_CODES)[number];

/** A fault that its reader can mend: the message says what happened, where, and what to do. */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
  readonly code: SimulatorErrorCode;

  constructor(code: SimulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
