/** Why the processor refuses to start or gives a task up. A closed list. */
export type ProcessorErrorCode =
  | 'PARTITIONS_CHANGED'
  | 'METRIC_CHANGED'
  | 'LAYOUT_UNKNOWN'
  | 'SERVER_UNREACHABLE'
  | 'FENCED'
  | 'CONFLICT';

/** An error with a code of the closed list; its message says what to do. */
export class ProcessorError extends Error {
  override readonly name = 'ProcessorError';
  readonly code: ProcessorErrorCode;

  constructor(code: ProcessorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
