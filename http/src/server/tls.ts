import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import { SettingsError } from '@storepulse/contracts';
import type { App } from './types.ts';

/** Files of a certificate, with those that signed it, and of its key, in PEM. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate that was renewed is used after so long, ms. */
const LOOK_EVERY_MS = 60_000;
const OLDEST = 'TLSv1.2';

/** What a TLS server is made from. */
export interface TlsContent {
  readonly cert: string;
  readonly key: string;
  readonly minVersion: typeof OLDEST;
}

/**
 * Reads a certificate and its key.
 * @param part whose settings name the files, for the message
 * @throws {SettingsError} when a file can't be read, or they do not fit together
 */
export function readTls(part: string, { certFile, keyFile }: TlsFiles): TlsContent {
  const prefix = `${part.toUpperCase()}_TLS`;
  const content = {
    cert: read(`${prefix}_CERT_FILE`, certFile),
    key: read(`${prefix}_KEY_FILE`, keyFile),
    minVersion: OLDEST,
  } as const;
  try {
    createSecureContext(content);
  } catch {
    throw new SettingsError(
      `${prefix}_CERT_FILE, ${prefix}_KEY_FILE: "${certFile}" and "${keyFile}" are no certificate and its key in PEM`,
    );
  }
  return content;
}

function read(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new SettingsError(`${setting}: the file "${file}" can't be read`);
  }
}

/** Serves a certificate that is renewed without a new start. Files that do not fit leave the old one, and are logged. */
export function followTls(app: App, part: string, files: TlsFiles, everyMs = LOOK_EVERY_MS): void {
  const { server } = app;
  if (!(server instanceof Server)) return;
  const versionOf = async () =>
    (
      await Promise.all([files.certFile, files.keyFile].map(async (file) => (await stat(file)).mtimeMs))
    ).join();
  let version: string | undefined;
  const look = async () => {
    const found = await versionOf();
    const isNew = version !== undefined && version !== found;
    version = found;
    if (isNew) server.setSecureContext(readTls(part, files));
  };
  const tell = (error: Error) => app.log.error({ reason: error.message }, 'the certificate was not renewed');
  void look().catch(tell);
  const timer = setInterval(() => void look().catch(tell), everyMs).unref();
  app.addHook('onClose', async () => clearInterval(timer));
}
