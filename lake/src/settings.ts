import { setting } from '@storepulse/contracts';
import { type Static, Type } from 'typebox';

/** Where the lake is. Archiver and warehouse read the same. */
export const LakeSettingsSchema = Type.Object({
  location: setting(
    'LAKE_LOCATION',
    Type.String({
      default: '.storepulse/lake',
      minLength: 1,
      description: 'a folder, or `s3://bucket/prefix` of an S3-compatible store',
    }),
  ),
  s3Endpoint: setting(
    'LAKE_S3_ENDPOINT',
    Type.String({
      default: 'https://s3.amazonaws.com',
      pattern: '^https?://',
      description: 'of the S3-compatible store; the bucket goes into the path',
    }),
  ),
  s3Region: setting('LAKE_S3_REGION', Type.String({ default: 'us-east-1', description: 'of the bucket' })),
  s3AccessKeyId: setting(
    'LAKE_S3_ACCESS_KEY_ID',
    Type.Optional(Type.String({ description: 'key of the bucket; needed for `s3://`' })),
    { secret: true },
  ),
  s3SecretAccessKey: setting(
    'LAKE_S3_SECRET_ACCESS_KEY',
    Type.Optional(Type.String({ description: 'its secret; needed for `s3://`' })),
    { secret: true },
  ),
});
/** Where the lake is. */
export type LakeSettings = Static<typeof LakeSettingsSchema>;
