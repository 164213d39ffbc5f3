import { resolve } from 'node:path';
import { LakeError } from '../errors.ts';
import type { LakeSettings } from '../settings.ts';
import { createFolderStore } from './folder.ts';
import { createS3Store } from './s3.ts';
import type { LakeStore } from './store.ts';

/** Opens the store that the settings name. @throws {LakeError} `LAKE_LOCATION` when they do not suffice */
export function openStore(settings: LakeSettings): LakeStore {
  const { location } = settings;
  if (location.startsWith('s3://')) return createS3Store(settings);
  if (/^[a-z0-9]+:\/\//.test(location))
    throw new LakeError(
      'LAKE_LOCATION',
      `LAKE_LOCATION: "${location}" is neither a folder nor s3://bucket/prefix`,
    );
  return createFolderStore(resolve(location));
}
