import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';

const ROOT = resolve(import.meta.dirname, '..');
const PAGES = globSync('**/*.md', {
  cwd: ROOT,
  exclude: (name) => ['node_modules', '.storepulse', 'dist', '.git'].includes(name),
});

/** Headings of a page as GitHub links to them: lower case, spaces to dashes, other signs left out. */
function anchorsOf(text: string): Set<string> {
  const headings = text.matchAll(/^#{1,6} (.+)$/gm);
  const anchorOf = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
  return new Set([...headings].map(([, heading]) => anchorOf(heading!)));
}

/** Links of a page to other pages, files, and places in them; addresses on the web are left out. */
function linksOf(text: string): string[] {
  const withoutCode = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...withoutCode.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link!)
    .filter((link) => !/^[a-z]+:/.test(link));
}

test('every link between pages leads somewhere', () => {
  assert.ok(PAGES.length > 40, `${PAGES.length} pages`);
  const broken = PAGES.flatMap((page) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    return linksOf(text).flatMap((link) => {
      const [path, anchor] = link.split('#') as [string, string | undefined];
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(ROOT, target))) return [`${page}: ${link}`];
      if (anchor === undefined || !target.endsWith('.md')) return [];
      return anchorsOf(readFileSync(join(ROOT, target), 'utf8')).has(anchor) ? [] : [`${page}: ${link}`];
    });
  });
  assert.deepEqual(broken, []);
});

/** Pages that name source files, and the folders from which they name them. */
const SOURCES = [
  '.',
  'simulator/src',
  'processor/src',
  'processor/src/aggregate',
  'processor/src/merge',
  'exporter/src',
  'grafana-plugin',
];

for (const page of ['docs/explanation/way-of-an-order.md', 'docs/reference/glossary.md']) {
  test(`every file that ${page} names is there`, () => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const named = [...text.matchAll(/`([\w./-]+(?:\.tsx?|\/))`/g)].map(([, path]) => path!);
    assert.ok(named.length > 10);
    const missing = named.filter((path) => !SOURCES.some((folder) => existsSync(join(ROOT, folder, path))));
    assert.deepEqual(missing, []);
  });
}
