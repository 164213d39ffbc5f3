/** A file in the store. */
export interface StoredObject {
  /** Below the lake's location, with slashes. */
  readonly path: string;
  readonly modifiedAt: Date;
}

/**
 * Where the lake's files are. A file is written once, whole or not at all, and never changed. All paths are below the
 * lake's location.
 */
export interface LakeStore {
  /** For people, without secrets. */
  readonly location: string;
  /** Puts a local file there; once it returns, the file outlives a crash. The local file may be moved or stay. */
  put(path: string, file: string): Promise<void>;
  /** Brings a file to a local path. @throws {LakeError} `FILE_MISSING` */
  fetch(path: string, file: string): Promise<void>;
  /** Where the file can be read in place; undefined: it has to be fetched. */
  place(path: string): string | undefined;
  /** Deletes a file; one that is not there is no error. */
  remove(path: string): Promise<void>;
  /** Everything below a folder, in no order. */
  list(folder: string): AsyncIterable<StoredObject>;
}
