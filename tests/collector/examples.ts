import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { runInNewContext } from 'node:vm';

const PAGE = readFileSync(new URL('../../docs/how-to/connect-your-shop.md', import.meta.url), 'utf8');

/** The examples of the page in one language, as they stand there. */
function examplesIn(language: string): string[] {
  return [...PAGE.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, code]) =>
    name === language ? [code!] : [],
  );
}

/** Runs an example, with nothing but the address of the collector told; returns what it said. */
async function run(command: string, args: readonly string[], input: string, url: string): Promise<string> {
  const env = { PATH: process.env.PATH, COLLECTOR_URL: url };
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const [said, failed, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  assert.equal(status, 0, `${said}${failed}`);
  return said;
}

const isThere = (command: string) => spawnSync(command, ['--version']).status === 0;

/**
 * Runs the examples of the page "Connect your shop" against a collector.
 * @returns how many orders they have sent, and other events at least
 */
export async function runExamples(t: TestContext, url: string): Promise<{ orders: number; others: number }> {
  const shells = examplesIn('sh').filter((code) => code.startsWith('curl'));
  const noCurl = isThere('curl') ? false : 'curl is not on this machine';
  assert.equal(shells.length, 2);
  if (noCurl) t.diagnostic(noCurl);
  await t.test('by curl', { skip: noCurl }, async () => {
    for (const code of shells) assert.match(await run('sh', ['-s'], code, url), /"accepted":1/);
  });
  await t.test('from Node', async () => {
    const [code] = examplesIn('js');
    assert.equal(await run(process.execPath, ['--input-type=module'], code!, url), '200\n');
  });
  const noPython = isThere('python3') ? false : 'python3 is not on this machine';
  if (noPython) t.diagnostic(noPython);
  await t.test('from Python', { skip: noPython }, async () => {
    const [code] = examplesIn('python');
    assert.equal(await run('python3', ['-'], code!, url), '100\n');
  });
  await t.test('from the browser', async () => {
    const [html] = examplesIn('html');
    const code = /<script[^>]*>([\s\S]*)<\/script>/.exec(html!)![1]!;
    const answers: Promise<Response>[] = [];
    const fetchAndKeep = (...request: Parameters<typeof fetch>) => {
      const answer = fetch(...request);
      answers.push(answer);
      return answer;
    };
    const page = {
      ...{ document: { currentScript: { dataset: { collector: url } } }, location: { pathname: '/mugs' } },
      ...{ localStorage: {}, sessionStorage: {}, navigator: { maxTouchPoints: 0 }, crypto },
      fetch: fetchAndKeep,
    };
    const fields = `{ sku: 'MUG', category: 'Kitchen', price: 1250, quantity: 1 }`;
    runInNewContext(`${code}\ntrack('cart_item_added', ${fields})`, page);
    assert.equal(answers.length, 2);
    for (const answer of await Promise.all(answers)) assert.equal(answer.status, 200, await answer.text());
  });
  return { orders: noCurl ? 1 : 2, others: 2 + (noPython ? 0 : 100) };
}
