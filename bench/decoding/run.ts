import { parseArgs } from 'node:util';
import { eventRegistry, type Shop } from '@storepulse/contracts';
import { createDecoder } from '@storepulse/processor/decode/decoder';
import { Compile } from 'typebox/compile';
import { createEvents, shopName } from '../workload/events.ts';
import { benchEvents } from '../workload/query.ts';

const HELP = `Usage: npx node bench/decoding/run.ts [options]

Measures what it costs to make events of records, in memory and without servers, in turns: JSON.parse alone, JSON.parse
and the compiled schema, and the processor's decoder, which reads events of known shapes from their bytes.

  --events N   events of bench/workload (default 100000)
  --rounds N   how often each is measured; the least counts (default 15)
  --help
`;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '15' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const BEGIN = Date.UTC(2026, 0, 1);
const event = createEvents('bench', { begin: BEGIN, partitions: 4 });
const records = Array.from({ length: Number(values.events) }, (_, n) => {
  const made = event(n);
  return {
    key: Buffer.from(`${made.shop}|${made.visitorId}`),
    value: Buffer.from(JSON.stringify(made)),
    headers: {},
    offset: n,
    timestamp: made.eventTime,
  };
});
const shop = { shop: shopName(0), currency: 'EUR' } as Shop;
const events = new Map([...eventRegistry, ...benchEvents(true)]);
const decode = createDecoder(events, () => shop);
const schema = Compile(events.get('item_sold')!.schema);
const parse = (value: Buffer) => JSON.parse(value.toString()) as object;

/** Each makes an event of a record, and tells whether it did. */
const ways = {
  'JSON.parse': ({ value }) => parse(value) !== null,
  'JSON.parse and schema': ({ value }) => schema.Check(parse(value)),
  'decoder (with key, shop and time)': (record) => decode('transactions', record).kind === 'event',
} satisfies Record<string, (record: (typeof records)[number]) => boolean>;

const least = new Map<string, number>();
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [name, way] of Object.entries(ways)) {
    const began = process.cpuUsage();
    let made = 0;
    for (const record of records) if (way(record)) made++;
    const { user, system } = process.cpuUsage(began);
    if (made < records.length) throw new Error(`${name}: only ${made} of ${records.length} became events`);
    least.set(name, Math.min(least.get(name) ?? Number.POSITIVE_INFINITY, (user + system) / records.length));
  }
}
const alone = least.get('JSON.parse')!;
console.table(
  [...least].map(([way, cost]) => ({
    way,
    'CPU µs per event': Number(cost.toFixed(3)),
    'to JSON.parse': Number((cost / alone).toFixed(2)),
  })),
);
