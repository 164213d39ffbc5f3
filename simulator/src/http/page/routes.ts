import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '@storepulse/http';
import { controlPage } from './control-page.ts';

/** Where the page's files are served. */
const PREFIX = '/page/';

const TYPES = { '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8' } as const;

/** What the page consists of, beside the HTML. The browser gets these files as they are. */
const FILES = [
  'control-page.css',
  'actions.js',
  'api.js',
  'controls.js',
  'elements.js',
  'fields.js',
  'figures.js',
  'main.js',
  'rate-chart.js',
  'timeline.js',
] as const;

/** Only its own files, nothing inline, and no other page may frame it: what it steers costs machines. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/**
 * The page at `/` that steers the simulator in a browser. It tells nothing of the run: what it shows, it asks of the
 * routes under `/v1` with the key that its user gives it.
 */
export function addPageRoutes(app: App): void {
  const hidden = { config: { access: 'open' }, schema: { hide: true } } as const;
  const html = controlPage(PREFIX);
  app.get('/', hidden, (_request, reply) =>
    reply.headers(HEADERS).type('text/html; charset=utf-8').send(html),
  );
  for (const file of FILES) {
    const text = readFileSync(join(import.meta.dirname, file));
    const type = TYPES[file.endsWith('.css') ? '.css' : '.js'];
    app.get(`${PREFIX}${file}`, hidden, (_request, reply) => reply.headers(HEADERS).type(type).send(text));
  }
}
