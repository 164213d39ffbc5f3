import type { FileForm } from '@storepulse/contracts/sales/form';

/** A file and how it is read. */
export interface ReplayFile {
  readonly path: string;
  readonly form: FileForm;
}
