/** Why the processor refuses to start, gives a task up, or can't do what its command line asks. A closed list. */
export type ProcessorErrorCode =
  | 'PARTITIONS_CHANGED'
  | 'METRIC_CHANGED'
  | 'METRIC_MISSING'
  | 'CATALOG_CHANGED'
  | 'REBUILD_REFUSED'
  | 'LAYOUT_UNKNOWN'
  | 'SERVER_UNREACHABLE'
  | 'FENCED'
  | 'CONFLICT'
  | 'DEAD_LETTERS_UNREADABLE'
  | 'NO_SUCH_DEAD_LETTER'
  | 'NOTHING_SELECTED';

/** An error with a code of the closed list; its message says what to do. */
export class ProcessorError extends Error {
  override readonly name = 'ProcessorError';
  readonly code: ProcessorErrorCode;

  constructor(code: ProcessorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
