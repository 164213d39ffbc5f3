import { catalog } from '@storepulse/contracts';
import { documentsOf } from '@storepulse/exporter/testing/documents';
import { createMemoryLive } from '@storepulse/exporter/testing/memory-live';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeProduct } from '@storepulse/exporter/testing/records';
import { makeShop } from '@storepulse/exporter/testing/shops';
import { NOON_ZONE } from './noon-zone.ts';

/** What hostile names call when they run as a script. */
export const RAN = 'hostileScriptRan';

/** Names that a page could take for something else: markup, scripts, addresses, templates, other fields. */
export const HOSTILE_NAMES: readonly string[] = [
  `<img src=x onerror=${RAN}()>`,
  `<script>${RAN}()</script>`,
  `"><svg onload=${RAN}()>`,
  `'"--></style></title></script><script>${RAN}()</script>`,
  `<iframe srcdoc="<script>parent.${RAN}()</script>"></iframe>`,
  `<a href="javascript:${RAN}()">a</a>`,
  `javascript:${RAN}()`,
  `data:text/html,<script>${RAN}()</script>`,
  `[link](javascript:${RAN}())`,
  `![image](x"onerror="${RAN}())`,
  `" onfocus="${RAN}()" autofocus="`,
  `'; ${RAN}(); //`,
  `{{constructor.constructor('${RAN}()')()}}`,
  `%3Cimg src=x onerror=${RAN}()%3E`,
  `&lt;img src=x onerror=${RAN}()&gt;`,
  // Whoever fills in templates must not fill in these.
  ...['__value.raw', '__data.fields[0]', 'shop:raw'].map((reference) => `$\{${reference}}`),
  ...['$shop', '[[shop]]', '$__all', '__proto__', 'constructor', 'a|b,c', '../../../api/v1/catalog?x=1#y'],
  // Right to left, and turned round: a name that ends in .exe and looks as if in .png.
  '\u200Fحذاء أحمر\u200F',
  'invoice-\u202Egnp.exe',
  "=cmd|'/c calc'!A1",
  `🫖${'x'.repeat(90)}`,
];

/** A shop in which a minute ago everything happened that has a name, with hostile ones, beside a harmless figure. */
export function hostileShop() {
  const time = Date.now() - 60_000;
  const shop = makeShop({
    ...{ shop: 'demo', name: HOSTILE_NAMES[0]!, currency: 'EUR', scale: 2, timeZone: NOON_ZONE },
  });
  const names = HOSTILE_NAMES.map((name, n) => ({ name, n }));
  const other = (n: number) => HOSTILE_NAMES.at(-1 - n)!;
  const orders = names.map(({ name, n }) => ({
    ...{ _id: `demo|${name}`, type: 'order_placed', eventId: `event-${n}`, shop: 'demo', orderId: name },
    ...{ country: name, device: 'mobile', channel: 'email', customerId: other(n), paymentMethod: other(n) },
    ...{ currency: 'EUR', eventTime: time + n, lines: [], subtotal: 1_250, discount: 0, shipping: 0 },
    ...{ tax: 0, total: 1_250 },
  }));
  return createMemoryStore({
    shops: [shop],
    documents: documentsOf(
      catalog,
      shop,
      names.map(({ name, n }) => ({
        time,
        adds: { gross_sales: 1_000 + n, orders: 1, product_views: 1 },
        dimensions: { country: name, sku: name, category: name },
      })),
    ),
    live: createMemoryLive({ orders }),
    records: {
      orders,
      products: names.map(({ name, n }) =>
        makeProduct(name, { _id: `demo|${name}`, shop: 'demo', name: other(n) }),
      ),
    },
    annotations: names.map(({ name, n }) => ({
      ...{ _id: `demo|${n}`, shop: 'demo', title: name, text: other(n), tags: [name] },
      ...{ start: time - n * 10_000, end: time - n * 10_000 },
    })),
  });
}
