import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { runInNewContext } from 'node:vm';
import { pythonPackage } from '../support/python-package.ts';
import { callWebhooks, WEBHOOK_EVENTS } from './webhooks.ts';

const PAGE = readFileSync(new URL('../../docs/how-to/connect-your-shop.md', import.meta.url), 'utf8');

/** The examples of the page in one language, as they stand there. */
function examplesIn(language: string): string[] {
  return [...PAGE.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, code]) =>
    name === language ? [code!] : [],
  );
}

/** Runs an example, with nothing but what the page says told; returns what it said. */
async function run(
  command: string,
  args: readonly string[],
  input: string,
  told: Readonly<Record<string, string>>,
): Promise<string> {
  const env = { PATH: process.env.PATH, ...told };
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

/** What the examples have sent. */
export interface Sent {
  /** Orders that are counted. */
  readonly orders: number;
  /** Other events, at least. */
  readonly others: number;
  /** Events that were sent twice. */
  readonly copies: number;
}

/**
 * Runs the examples of the page "Connect your shop" against a collector.
 * @param kafka what a program is told to send to Kafka itself
 */
export async function runExamples(
  t: TestContext,
  url: string,
  kafka: Readonly<Record<'KAFKA_BROKERS' | 'TOPIC_PREFIX', string>>,
): Promise<Sent> {
  const told = { COLLECTOR_URL: url };
  const shells = examplesIn('sh').filter((code) => code.startsWith('curl'));
  const noCurl = isThere('curl') ? false : 'curl is not on this machine';
  assert.equal(shells.length, 4);
  if (noCurl) t.diagnostic(noCurl);
  await t.test('by curl', { skip: noCurl }, async () => {
    for (const code of shells) {
      // A shop, an order, three rows of sales, and an exchange rate.
      const accepted = code.includes('/v1/import') ? 3 : 1;
      assert.match(
        await run('sh', ['-s'], code, told),
        new RegExp(`"accepted":${accepted},"duplicate":0,"rejected":0`),
      );
    }
  });
  await t.test('from Node', async () => {
    const [code] = examplesIn('js');
    assert.equal(await run(process.execPath, ['--input-type=module'], code!, told), '200\n');
  });
  await t.test('from webhooks', () => callWebhooks(examplesIn('js')[1]!, url));
  const noPython = isThere('python3') ? false : 'python3 is not on this machine';
  if (noPython) t.diagnostic(noPython);
  await t.test('from Python', { skip: noPython }, async () => {
    const [code] = examplesIn('python');
    assert.equal(await run('python3', ['-'], code!, told), '100\n');
  });
  const client = noPython ? { missing: noPython } : await pythonPackage('confluent-kafka', '2.16.1');
  const noClient = 'missing' in client && client.missing;
  if (noClient) t.diagnostic(noClient);
  await t.test('from Python straight to Kafka', { skip: noClient }, async () => {
    const [, code] = examplesIn('python');
    const { path } = client as { path: string };
    assert.equal(await run('python3', ['-'], code!, { ...kafka, PYTHONPATH: path }), '20\n');
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
  return {
    orders: 2 + (noCurl ? 0 : 2) + (noClient ? 0 : 20),
    others: 2 + WEBHOOK_EVENTS + (noCurl ? 0 : 2) + (noPython ? 0 : 100),
    copies: 1,
  };
}
