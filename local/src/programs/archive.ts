import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ProgressTask } from './progress.ts';
import { run } from './run.ts';

/** An official release archive (`.tar.gz`) and where its checksum is published. */
export interface Archive {
  url: string;
  checksum: { url: string; algorithm: 'sha256' | 'sha512' };
}

const CONNECT_TIMEOUT_MS = 5000;
const DOWNLOAD_TIMEOUT_MS = 600_000;
const UNPACK_TIMEOUT_MS = 120_000;

/**
 * Downloads an archive, compares its checksum with the published one, and unpacks it into `into`
 * without its topmost folder. A host that does not answer within 5 s is given up.
 * @throws {Error} saying why it can't be had
 */
export async function fetchArchive(archive: Archive, into: string, task: ProgressTask): Promise<void> {
  // The checksum first: it is small, so a host that can't be reached is known at once.
  const published = await (await request(archive.checksum.url, CONNECT_TIMEOUT_MS)).text();
  const download = join(into, 'download');
  await mkdir(download, { recursive: true });
  const file = join(download, 'archive.tar.gz');
  const response = await request(archive.url, DOWNLOAD_TIMEOUT_MS);
  const total = Number(response.headers.get('content-length') ?? 0);
  await pipeline(
    Readable.fromWeb(response.body!),
    countBytes((bytes) => total > 0 && task.update(bytes / total)),
    createWriteStream(file),
  );
  const hash = createHash(archive.checksum.algorithm);
  await pipeline(createReadStream(file), hash);
  // Published in several layouts, some with the digest in groups: compare its letters alone.
  if (!published.replaceAll(/\s/g, '').toLowerCase().includes(hash.digest('hex'))) {
    throw new Error(`${archive.url} does not have its published checksum`);
  }
  await run('tar', ['-xzf', file, '-C', into, '--strip-components=1'], { timeoutMs: UNPACK_TIMEOUT_MS });
  await rm(download, { recursive: true });
}

async function request(url: string, timeoutMs: number): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}

function countBytes(report: (bytes: number) => void) {
  return async function* (chunks: AsyncIterable<Uint8Array>) {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      report(bytes);
      yield chunk;
    }
  };
}
