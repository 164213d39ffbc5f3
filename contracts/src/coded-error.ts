/** A fault that its reader can act on: the message says what happened, where, and what to do. It is told without a stack. */
export class CodedError<Code extends string> extends Error {
  /** What is wrong, for programs: of a closed list. */
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
