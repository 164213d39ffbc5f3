/** What can keep the preview from starting. */
export type PreviewErrorCode =
  | 'provisioning_unreadable'
  | 'plugin_not_built'
  | 'plugin_unknown'
  | 'tls_not_supported';

/** A fault of what the preview is given: the message names the file and what to do. */
export class PreviewError extends Error {
  override readonly name = 'PreviewError';
  readonly code: PreviewErrorCode;

  constructor(code: PreviewErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
