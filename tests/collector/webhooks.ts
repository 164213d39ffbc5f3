import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createInterface } from 'node:readline';

const SECRET = 'a secret of the test';
/** 19 % tax in all prices; what lies in them is computed by hand. */
const MUGS = {
  ...{ sku: 'MUG', quantity: 2, price: '11.90' },
  discount_allocations: [{ amount: '1.19' }],
  tax_lines: [{ price: '3.61' }],
};
const LAMP = { sku: 'LAMP', quantity: 1, price: '23.80', tax_lines: [{ price: '3.80' }] };
const MONEY = { currency: 'EUR', taxes_included: true };

/** Calls as a shop system makes them: an order, an edit of it, its cancellation, and a refund of all. */
const CALLS = (at: string) =>
  [
    [
      'orders/create',
      {
        ...{ id: 4501, created_at: at, ...MONEY, total_tax: '4.56', total_price: '28.56' },
        ...{ line_items: [MUGS], shipping_lines: [{ price: '5.95' }] },
        ...{ customer: { id: 77 }, shipping_address: { country: 'Germany' } },
        note_attributes: [{ name: 'visitorId', value: 'browser-9' }],
      },
    ],
    [
      'orders/edited',
      {
        order_edit: {
          ...{
            id: 1,
            order_id: 4501,
            created_at: at,
            ...MONEY,
            total_tax: '3.80',
            total_difference: '23.80',
          },
          line_items: { additions: [LAMP], removals: [] },
        },
      },
    ],
    ['orders/cancelled', { id: 4501, cancelled_at: at, cancel_reason: 'customer' }],
    [
      'refunds/create',
      {
        ...{ id: 9001, order_id: 4501, created_at: at, ...MONEY, total_tax: '8.36' },
        ...{
          refund_line_items: [MUGS, LAMP],
          shipping: { amount: '5.95' },
          transactions: [{ amount: '52.36' }],
        },
      },
    ],
  ] as const;

/** How many events the calls become, beside the order. */
export const WEBHOOK_EVENTS = CALLS('').length - 1;

/** What the order and the refund are without tax, by the name of their collection. */
export const WEBHOOK_FACTS = {
  orders: {
    filter: { _id: 'my-shop|4501' },
    amounts: { subtotal: 2_000, discount: 100, shipping: 500, tax: 456, total: 2_856 },
  },
  refunds: {
    filter: { _id: 'my-shop|9001' },
    amounts: { shipping: 500, tax: 836, amount: 5_236 },
  },
} as const;

/**
 * Runs the program that takes webhooks, and makes the calls, the first of them twice.
 * @param code the program
 * @param url address of the collector
 */
export async function callWebhooks(code: string, url: string): Promise<void> {
  const env = { PATH: process.env.PATH, COLLECTOR_URL: url, WEBHOOK_SECRET: SECRET, PORT: '0' };
  const child = spawn(process.execPath, ['--input-type=module'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    child.stdin.end(code);
    const [address] = await new Promise<string[]>((resolve, reject) => {
      child.once('exit', () => reject(new Error('the program ended')));
      createInterface({ input: child.stdout }).once('line', (line) => resolve(/http:\S+/.exec(line)!));
    });
    const call = async (topic: string, body: string, signature: string) => {
      const headers = { 'x-shop-topic': topic, 'x-shop-hmac-sha256': signature };
      return (await fetch(address!, { method: 'POST', headers, body })).status;
    };
    const calls = CALLS(new Date(Date.now() - 1_000).toISOString()).map(
      ([topic, body]) => [topic, JSON.stringify(body)] as const,
    );
    for (const [topic, body] of [calls[0]!, ...calls]) {
      const signature = createHmac('sha256', SECRET).update(body).digest('base64');
      assert.equal(await call(topic, body, signature), 200, topic);
    }
    assert.equal(await call('orders/create', calls[0]![1], 'c2lnbmF0dXJl'), 401);
  } finally {
    child.kill();
  }
}
