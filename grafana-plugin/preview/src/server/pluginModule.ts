import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { compress } from '../build/compressFiles.ts';

/** The data source's module as it is sent: compressed, under an address that changes with it. */
export interface PluginModule {
  /** Its present address; the module there never changes, so browsers keep it. */
  address(): Promise<string>;
}

interface Encoded {
  version: string;
  content: Buffer;
  brotli: Buffer;
  gzip: Buffer;
}

const FOR_EVER = 'public, max-age=31536000, immutable';

/** Serves the module of a built plugin; a plugin that is built anew is served from then on. @param folder of the plugin */
export function servePluginModule(app: FastifyInstance, id: string, folder: string): PluginModule {
  const path = join(folder, 'module.js');
  const url = `/public/plugins/${id}/module.js`;
  let known: { changed: number; encoded: Promise<Encoded> } | undefined;
  const present = async (): Promise<Encoded> => {
    const { mtimeMs: changed } = await stat(path);
    if (known?.changed !== changed) known = { changed, encoded: encode(path) };
    return known.encoded;
  };
  app.get<{ Querystring: { v?: string } }>(url, async ({ query, headers }, reply) => {
    const encoded = await present();
    reply.type('application/javascript; charset=utf-8').header('vary', 'accept-encoding');
    reply.header('cache-control', query.v === encoded.version ? FOR_EVER : 'no-cache');
    return sendEncoded(reply, encoded, headers['accept-encoding'] ?? '');
  });
  return { address: async () => `${url}?v=${(await present()).version}` };
}

async function encode(path: string): Promise<Encoded> {
  const content = await readFile(path);
  const [brotli, gzip] = await compress(content);
  return { version: createHash('sha256').update(content).digest('hex').slice(0, 12), content, brotli, gzip };
}

function sendEncoded(
  reply: FastifyReply,
  { content, brotli, gzip }: Encoded,
  accepted: string,
): FastifyReply {
  if (/\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(brotli);
  if (/\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(gzip);
  return reply.send(content);
}
