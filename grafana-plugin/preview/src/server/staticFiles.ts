import { readFile } from 'node:fs/promises';
import staticPlugin from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { HOST_PREFIX } from './page.ts';
import type { PreviewPaths } from './paths.ts';

/** Files of installed packages, which change with their version alone. */
const A_DAY = '1d';

/** Serves what the page consists of: its bundle (kept for ever, as its names change), the plugin's files, icons and typefaces. */
export async function serveFiles(app: FastifyInstance, pluginId: string, paths: PreviewPaths): Promise<void> {
  const bare = { decorateReply: false };
  await app.register(staticPlugin, {
    ...{ ...bare, root: paths.host, prefix: HOST_PREFIX, preCompressed: true, immutable: true, maxAge: '1y' },
  });
  await app.register(staticPlugin, { ...bare, root: paths.plugin, prefix: `/public/plugins/${pluginId}/` });
  await app.register(staticPlugin, {
    ...bare,
    root: paths.images,
    prefix: '/public/build/img/',
    maxAge: A_DAY,
  });
  // Each weight and slant that Grafana's styles ask for is an instance of the one variable font.
  for (const [family, path] of Object.entries(paths.fonts)) {
    const font = await readFile(path);
    app.get(`/public/fonts/${family}/:file`, (_request, reply) =>
      reply.type('font/woff2').header('cache-control', 'public, max-age=86400').send(font),
    );
  }
}
