/** The lake: what the archiver writes and the warehouse reads. */
export {
  type Column,
  columnsOf,
  ENVELOPE_COLUMNS,
  LAKE_TYPES,
  type LakeType,
  lakeTypeOf,
} from './columns.ts';
export { type Duck, openDuck, quoted } from './duck.ts';
export { LakeError, type LakeErrorCode } from './errors.ts';
export { type Identity, identityOf, onceSql } from './identity.ts';
export { arrivedPath, folderOf, mergedPath, type Period, periodOf } from './layout.ts';
export {
  LAKE_COLLECTIONS,
  LAKE_KEEPING,
  type LakeFile,
  type LakeManifest,
  type LakeTask,
  type LiveFilesFilter,
  lakeCollections,
  liveFiles,
  readManifest,
} from './manifest.ts';
export { createRowWriter, type RowOf } from './rows.ts';
export { scanSql } from './scan.ts';
export { type LakeSettings, LakeSettingsSchema } from './settings.ts';
export { localPath } from './store/local-path.ts';
export { openStore } from './store/open-store.ts';
export type { LakeStore, StoredObject } from './store/store.ts';
export { writeParquet } from './write.ts';
