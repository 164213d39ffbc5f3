import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { anOrder, NOON, SHOP } from '@storepulse/contracts/testing/events';
import { SCOPES, type Scope } from '@storepulse/http';
import { closedRoutes, credentialAttacks, keyFolder, policyOf } from '@storepulse/http/testing/access';
import fc from 'fast-check';
import pino from 'pino';
import { appOver } from '../testing/app.ts';

const OTHER = { ...SHOP, shop: 'secret-shop', eventId: 'event-shop-2' };
const folder = keyFolder();
after(folder.remove);
const { make } = folder;
const all = await make({ scopes: ['ingest'] });
const bound = await make({ scopes: ['ingest'], shops: [SHOP.shop] });
const expired = await make({ scopes: ['ingest'], lastsMs: 0 });
const revoked = await make({ scopes: ['ingest'] });
await folder.keys.revoke(revoked.split('_')[1]!);
const byScope = new Map<Scope, string>();
for (const scope of Object.keys(SCOPES) as Scope[]) byScope.set(scope, await make({ scopes: [scope] }));
const lines: string[] = [];
const { app, kafka } = await appOver([SHOP, OTHER], {
  ...{ now: () => NOON, policy: policyOf({ folder: folder.folder }) },
  log: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }),
});
await app.ready();

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const send = (payload: unknown, headers: Record<string, string>) =>
  app.inject({
    ...{ method: 'POST', url: '/v1/events' },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    headers: { 'content-type': 'application/json', ...headers },
  });

const SALE = {
  ...{
    InvoiceNo: '1',
    StockCode: 'MUG',
    Description: 'Mug',
    Quantity: '1',
    InvoiceDate: '2026-06-30 10:00:00',
  },
  ...{ UnitPrice: '12.50', CustomerID: '17850', Country: 'France' },
};
const importWith = (headers: Record<string, string>, sale: object = SALE) =>
  app.inject({
    ...{ method: 'POST', url: `/v1/import?shop=${SHOP.shop}`, payload: JSON.stringify([sale]) },
    headers: { 'content-type': 'application/json', ...headers },
  });

test('every route that asks for a key keeps out who has none that is good', async () => {
  const routes = closedRoutes(app);
  assert.deepEqual(
    routes.map(({ method, url, access }) => `${method} ${url} ${access}`),
    // A new route is asked here too.
    ['POST /v1/events ingest', 'POST /v1/import ingest'],
  );
  for (const sendHere of [(headers: Record<string, string>) => send(anOrder(), headers), importWith]) {
    for (const [attack, headers] of credentialAttacks(all, { revoked, expired }))
      assert.equal((await sendHere(headers)).statusCode, 401, attack);
    for (const [scope, key] of byScope) {
      const { statusCode } = await sendHere(bearer(key));
      assert.equal(statusCode, scope === 'ingest' || scope === 'admin' ? 200 : 403, scope);
    }
  }
});

test('a key that is bound to a shop sends events of that shop alone, and learns of no other', async () => {
  kafka.records.length = 0;
  const of = (shop: string, eventId: string) => anOrder({ shop, eventId, orderId: eventId });
  const answer = await send(
    [
      of(SHOP.shop, 'event-own-1-000'),
      of(OTHER.shop, 'event-other-1-000'),
      of('no-shop', 'event-other-2-000'),
      { ...OTHER, name: 'Mine' },
    ],
    bearer(bound),
  );
  assert.equal(answer.statusCode, 207, answer.body);
  const { items } = answer.json() as { items: { status: string; code?: string; message?: string }[] };
  assert.deepEqual(
    items.map(({ status, code }) => code ?? status),
    ['accepted', 'forbidden-shop', 'forbidden-shop', 'forbidden-shop'],
  );
  // A shop that there is not is told of in the same words as one that there is.
  assert.equal(items[1]!.message!.replace(OTHER.shop, 'no-shop'), items[2]!.message);
  assert.deepEqual(
    kafka.records.map(({ value }) => (JSON.parse(String(value)) as { shop: string }).shop),
    [SHOP.shop],
  );
  const free = await send([of(OTHER.shop, 'event-other-3-000')], bearer(all));
  assert.equal(free.statusCode, 200);
});

test('no e-mail address, card number, event id or key is in a log line, a metric, or what is told of a fault', async () => {
  lines.length = 0;
  const canary = fc.record({
    email: fc.constantFrom('jane@roe.example', 'canary+1@shop.example'),
    card: fc.constantFrom('4111111111111111', '5500-0000-0000-0004'),
    eventId: fc.constantFrom('event-canary-1', 'event-canary-2'),
    where: fc.constantFrom('type', 'shop', 'currency', 'total', 'extra', 'body', 'text'),
  });
  const bodyOf = ({
    email,
    card,
    eventId,
    where,
  }: typeof canary extends fc.Arbitrary<infer T> ? T : never) => {
    const order = { ...anOrder(), eventId, note: `${email} ${card}` };
    if (where === 'body') return `{"eventId":"${eventId}","card":"${card}","email":"${email}"`;
    if (where === 'text') return JSON.stringify(`${eventId} ${email} ${card}`);
    return JSON.stringify({ ...order, [where]: where === 'extra' ? { email, card } : `${email} ${card}` });
  };
  const told: string[] = [];
  await fc.assert(
    fc.asyncProperty(canary, fc.constantFrom(all, bound, expired, 'no-key'), async (wish, key) => {
      const answer = await send(bodyOf(wish), bearer(key));
      // The sender's own id of an event is how an item is named; nothing else of it is told.
      const { items = [], ...rest } = answer.json() as { items?: { eventId?: string }[] };
      told.push(JSON.stringify([rest, items.map(({ eventId: _named, ...item }) => item)]));
    }),
    { numRuns: 200 },
  );
  await fc.assert(
    fc.asyncProperty(canary, fc.constantFrom(...Object.keys(SALE)), async ({ email, card }, column) => {
      const { body } = await importWith(bearer(all), { ...SALE, [column]: `${email} ${card}` });
      told.push(body);
    }),
    { numRuns: 100 },
  );
  const metrics = (await app.inject('/metrics')).body;
  const secrets = [all, bound, expired].map((key) => key.split('_').slice(2).join('_'));
  // Whole numbers of cards: four digits of them are in a time or a duration now and then.
  const canaries = ['jane@', 'canary', '4111111111111111', '5500-0000-0000-0004', ...secrets];
  for (const text of [...lines, ...told, metrics])
    for (const word of canaries) assert.ok(!text.includes(word), `${word} in ${text}`);
});
