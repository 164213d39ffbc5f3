import type { Shop } from '@storepulse/contracts';
import { type App, HttpError, mayUseShop } from '@storepulse/http';
import { salesFormOf } from '../body/media.ts';
import { CollectorError } from '../errors.ts';
import type { Shops } from '../kafka/port.ts';
import { importSales } from '../sales/import.ts';
import { importQueryOf } from '../sales/query.ts';
import { readSales } from '../sales/read.ts';
import { answer } from './answer.ts';
import { bodyRoute } from './body-route.ts';
import type { IngestRouteDeps } from './events-route.ts';

/** `POST /v1/import`: sales of a shop as CSV or JSON; what became of each row is answered with its number. */
export function importRoute(app: App, deps: IngestRouteDeps): void {
  const { shops, limits, telemetry, now } = deps;
  bodyRoute(app, '/v1/import', deps, {
    before: ({ headers, query, caller }) => {
      const { form } = salesFormOf(headers['content-type']);
      const { shop } = importQueryOf(query, form);
      // First of all: whether another's shop exists is nobody's business.
      if (mayUseShop(caller, shop)) return;
      throw new HttpError(
        'forbidden',
        `the key is bound to other shops than "${shop}": send its sales with that shop's key`,
      );
    },
    take: async (body, { headers, query, caller }, reply, spend) => {
      const { form, encoding } = salesFormOf(headers['content-type']);
      const { shop: name, ...options } = importQueryOf(query, form);
      const shop = await findShop(shops, name);
      const told = encoding === undefined ? options : { ...options, encoding };
      const sales = readSales(body, { form, options: told, shop, now: now(), mostRows: limits.items });
      spend(sales.length);
      const { events, rows } = await importSales(sales, shop, {
        ...deps,
        maySend: (each) => mayUseShop(caller, each),
      });
      telemetry.countResults(events);
      telemetry.countRows(rows);
      return answer(reply, 'rows', rows);
    },
  });
}

async function findShop(shops: Shops, name: string): Promise<Shop> {
  const known = shops.get(name);
  if (known !== undefined) return known;
  // Another collector may have stored the shop a moment ago.
  const unread = await shops.catchUp();
  const found = shops.get(name);
  if (found !== undefined) return found;
  if (unread === undefined) {
    const detail = `the shop "${name}" is not known: send its shop_upserted to POST /v1/events first`;
    throw new CollectorError('unknown_shop', detail);
  }
  const detail = `the shop "${name}" is not known, and the topic shops is not read to its end: ${unread}`;
  throw new CollectorError('kafka_unavailable', detail, { retryAfterS: 5 });
}
