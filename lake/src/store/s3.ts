import { createWriteStream, openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { S3mini } from 's3mini';
import { LakeError } from '../errors.ts';
import type { LakeSettings } from '../settings.ts';
import type { LakeStore, StoredObject } from './store.ts';

const LOCATION = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/?$/;
const PAGE = 1_000;
const TIMEOUT_MS = 60_000;
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 200;

/**
 * A lake in a bucket of an S3-compatible store, which must be there. A put is whole or not at all: the store itself sees to it.
 * @throws {LakeError} `LAKE_LOCATION` when the settings do not suffice
 */
export function createS3Store(settings: LakeSettings): LakeStore {
  const [, bucket, prefix = ''] = LOCATION.exec(settings.location) ?? [];
  const { s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = settings;
  if (bucket === undefined) throw misplaced(`"${settings.location}" is not s3://bucket/prefix`);
  if (!accessKeyId || !secretAccessKey)
    throw misplaced(
      `${settings.location} needs LAKE_S3_ACCESS_KEY_ID and LAKE_S3_SECRET_ACCESS_KEY (or …_FILE)`,
    );
  const client = new S3mini({
    accessKeyId,
    secretAccessKey,
    endpoint: `${settings.s3Endpoint.replace(/\/$/, '')}/${bucket}`,
    region: settings.s3Region,
    requestAbortTimeout: TIMEOUT_MS,
  });
  const keyOf = (path: string) => (prefix === '' ? path : `${prefix}/${path}`);
  const pathOf = (key: string) => (prefix === '' ? key : key.slice(prefix.length + 1));

  return {
    location: settings.location,
    put: (path, file) =>
      retried(async () => {
        const blob = await openAsBlob(file);
        const answer = await client.putAnyObject(keyOf(path), blob, 'application/vnd.apache.parquet');
        if (!answer.ok) throw new Error(`${settings.location} answers ${answer.status} to a put`);
      }),
    fetch: (path, file) =>
      retried(async () => {
        const answer = await client.getObjectResponse(keyOf(path));
        if (!answer?.body) throw new LakeError('FILE_MISSING', `${path} is not in ${settings.location}`);
        await pipeline(Readable.fromWeb(answer.body as ReadableStream), createWriteStream(file));
      }),
    place: () => undefined,
    remove: (path) =>
      retried(async () => {
        await client.deleteObject(keyOf(path));
      }),
    list: (folder) => objectsBelow(client, keyOf(folder), pathOf),
  };
}

async function* objectsBelow(
  client: S3mini,
  prefix: string,
  pathOf: (key: string) => string,
): AsyncIterable<StoredObject> {
  let token: string | undefined;
  do {
    // What the client calls a delimiter is a path: everything below the prefix is listed.
    const page = await retried(() => client.listObjectsPaged('/', prefix, PAGE, token));
    if (!page?.objects) throw misplaced('there is no such bucket: make it first');
    for (const { Key, LastModified } of page.objects)
      yield { path: pathOf(Key), modifiedAt: new Date(LastModified) };
    token = page.nextContinuationToken;
  } while (token !== undefined && token !== '');
}

function misplaced(what: string): LakeError {
  return new LakeError('LAKE_LOCATION', `LAKE_LOCATION: ${what}`);
}

/** Repeats what a network or a busy store may fail at; whatever is repeated here may be. */
async function retried<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt === ATTEMPTS || error instanceof LakeError || isRefusal(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** attempt));
    }
  }
}

/** The store's no, such as to a key that it does not know: asking again does not help. */
function isRefusal(error: unknown): boolean {
  const { status } = error as { status?: number };
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
}
