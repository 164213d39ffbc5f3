/** The warehouse: SQL models over the lake, run daily. */
export { WarehouseError, type WarehouseErrorCode } from './errors.ts';
export type { LakeContent, Scope } from './lake/open-sources.ts';
export { PROJECT_FOLDER, type Project, readProject } from './project/read-project.ts';
export { type Database, openDatabase } from './run/database.ts';
export { type Refreshed, type RefreshOptions, refresh } from './run/refresh.ts';
