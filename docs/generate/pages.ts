import { ArchiverSettingsSchema } from '@storepulse/archiver/settings';
import { publishedSchemas } from '@storepulse/collector';
import { MEDIA_TYPES, SALES_MEDIA_TYPES } from '@storepulse/collector/body/media';
import { ERRORS, ITEM_CODES } from '@storepulse/collector/errors';
import { ImportQuery } from '@storepulse/collector/sales/query';
import { CollectorSettingsSchema } from '@storepulse/collector/settings';
import {
  type Catalog,
  CatalogSettingsSchema,
  COLLECTION_KEEPING,
  catalog,
  DEAD_LETTER_MEANINGS,
  depthDimensions,
  type EventSpec,
  eventRegistry,
  KafkaSettingsSchema,
  keyOf,
  MetricRecord,
  MongoSettingsSchema,
  PORTS,
  serverSettingsSchema,
  TOPIC_CONFIG,
  TOPIC_KEEPING,
  TOPICS,
  timeDimensions,
} from '@storepulse/contracts';
import { CatalogFile } from '@storepulse/contracts/catalog/file/schema';
import { COLUMNS } from '@storepulse/contracts/sales/form';
import { ExporterOwnSettingsSchema } from '@storepulse/exporter/settings';
import { AccessSettingsSchema, listenerSettingsSchema } from '@storepulse/http';
import { LAKE_KEEPING, LakeSettingsSchema } from '@storepulse/lake';
import { HostSettingsSchema } from '@storepulse/preview/server/settings';
import { ProcessorSettingsSchema } from '@storepulse/processor/settings';
import { openApiDocument } from '@storepulse/simulator/http/openapi-document';
import { SimulatorSettingsSchema } from '@storepulse/simulator/settings';
import { WarehouseSettingsSchema } from '@storepulse/warehouse/settings';
import { type TObject, Type } from 'typebox';
import { expressions } from './expressions.ts';
import { gameDay } from './game-day.ts';
import { guarantees } from './guarantees.ts';
import { code, page, table } from './markdown.ts';
import { warehouse } from './warehouse.ts';

/** The generated pages of `docs/reference/` by file name. */
export async function referencePages(): Promise<Record<string, string>> {
  return {
    'metrics.md': metricsPage(catalog),
    'catalog-file.schema.json': catalogFileSchema(),
    'expressions.md': expressions(),
    'events.md': events(),
    'topics.md': topics(),
    'fates.md': fates(),
    'settings.md': settings(),
    'warehouse.md': warehouse(),
    'guarantees.md': await guarantees(),
    'game-day.md': await gameDay(),
    'metric-record.schema.json': metricRecordSchema(),
    'simulator-openapi.json': await openApiDocument(),
    'collector.md': collector(),
    ...Object.fromEntries(
      [...publishedSchemas].map(([type, schema]) => [
        `events/${type}.json`,
        `${JSON.stringify(schema, null, 2)}\n`,
      ]),
    ),
  };
}

/** The page of all metrics and dimensions of a catalogue. */
export function metricsPage(catalog: Catalog): string {
  const rows = [...catalog.metrics.values()].map((metric) => [
    code(metric.name),
    metric.title,
    metric.description,
    metric.unit,
    metric.kind === 'stored'
      ? `${code(metric.measure)}: ${catalog.formulaOf(metric)}`
      : (catalog.formulaOf(metric) ?? 'over facts'),
    [...catalog.dimensionsOf(metric)].map(code).join(' '),
    { up: '↑', down: '↓', neutral: '–' }[metric.better],
  ]);
  const stored = [...catalog.groups.values()].flat();
  const isStored = (name: string) => stored.some((metric) => metric.dimensions.includes(name));
  const dimensions = [...catalog.dimensions.values()].map(({ name, title, description, domain, wide }) => [
    code(name),
    title,
    description,
    'values' in domain ? domain.values.map(code).join(' ') : domain.form,
    wide ? 'wide' : isStored(name) ? 'narrow' : 'no: of facts',
  ]);
  const ofTime = [...timeDimensions.values()].map(({ name, title, description, domain }) => [
    code(name),
    title,
    description,
    domain.values.map(code).join(' '),
    'no: of windows',
  ]);
  const ofRows = [...depthDimensions.values()].map(({ name, title, description, domain }) => [
    code(name),
    title,
    description,
    'values' in domain ? domain.values.map(code).join(' ') : domain.form,
    'no: of the lake',
  ]);
  return page(
    'Metrics',
    'the catalogue in `contracts/src/catalog`',
    'Every metric is declared once, in `contracts/src/catalog/metrics/`. Stored measures merge exactly over windows, tasks and dimension values; `distinct` is exact up to 256 and has a standard error of 2.3 % beyond. `distribution` gives quantiles within 1 %; `last` is the value told last by event time. Ratios and quantiles are computed when read, after merging; a ratio answers with numerator and denominator. Metrics over facts need a whole history, so they are computed from the collections of orders, refunds, payments and products when they are read, exactly; a customer counts under the country, device, channel and payment method of their first order, an order under those of its first attempt to pay, so that groups add up. Settled metrics change until half an hour of event time has passed without an event of the visit.',
    table(['name', 'title', 'definition', 'unit', 'measure or formula', 'dimensions', 'good'], rows),
    '## Dimensions',
    'A value that the event does not tell counts under `unknown`, one outside the domain under `other`. All others are kept, however many a shop has: what outgrows a document goes on in further ones ([why so](../adr/0013-growing-windows.md)).',
    table(['name', 'title', 'meaning', 'values', 'stored'], [...dimensions, ...ofTime, ...ofRows]),
    'Every metric that is read from windows has the dimensions of time too, beside its own and together with any of them. What [an exporter that reads the lake](../how-to/lake.md#any-combination-of-dimensions) answers beyond that, `GET /api/v1/catalog` tells of each metric as `together`.',
  );
}

/** The schema of a catalogue file, for editors that check and complete it. */
function catalogFileSchema(): string {
  const head = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
  return `${JSON.stringify({ ...head, ...CatalogFile }, null, 2)}\n`;
}

/** The schema of records on the topic `metrics`, as JSON Schema. */
function metricRecordSchema(): string {
  const { $id, ...schema } = MetricRecord as typeof MetricRecord & { $id: string };
  const head = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: $id };
  const description =
    'Value of a record on the topic metrics: the merged truth of one window, whole; it replaces all earlier ones of its key. Money is in the shop’s minor units.';
  return `${JSON.stringify({ ...head, description, ...schema }, null, 2)}\n`;
}

interface Property {
  description?: string;
  type?: string;
  const?: string;
  anyOf?: Property[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: Property;
  properties?: Record<string, Property>;
  required?: string[];
  default?: unknown;
  env?: string;
  secret?: boolean;
  personal?: boolean;
  enum?: readonly string[];
}

function typeOf(schema: Property): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  return schema.type ?? 'any';
}

/** What a value may be beyond its type: bounds of numbers, texts, lists and what is in them, and the form of a text. */
function limitsOf(schema: Property): string {
  if (schema.anyOf) return schema.anyOf.map(limitsOf).filter(Boolean).join(' ');
  const between = (least: number | undefined, most: number | undefined, unit: string) => {
    if (least === undefined && most === undefined) return '';
    if (least === undefined || least === 0)
      return most === undefined ? 'at least 0' : `at most ${most}${unit}`;
    return most === undefined ? `at least ${least}${unit}` : `${least} … ${most}${unit}`;
  };
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern, items } = schema;
  const ofEach = items && limitsOf(items);
  const isFromZero = minimum === 0 && maximum !== undefined;
  return [
    isFromZero ? `0 … ${maximum}` : between(minimum, maximum, ''),
    between(minLength, maxLength, ' characters'),
    between(minItems, maxItems, ' items'),
    pattern === undefined ? '' : code(pattern),
    ofEach ? `each ${ofEach}` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** A row for each field, and after a list of objects one for each field of those, as `lines[].sku`. */
function fieldRows(schema: Property, path = ''): string[][] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, property]) => {
    const row = [
      code(`${path}${name}`),
      property.items ? `array of ${typeOf(property.items)}` : typeOf(property),
      [required.includes(name) ? '' : 'optional', property.personal ? 'personal' : '']
        .filter(Boolean)
        .join(', '),
      limitsOf(property),
      property.description ?? '',
    ];
    return [row, ...(property.items ? fieldRows(property.items, `${path}${name}[].`) : [])];
  });
}

/** The form of an event type's Kafka key, such as `shop|visitorId`. */
function keyForm(spec: EventSpec): string {
  const names = new Proxy({}, { get: (_target, name) => String(name) });
  return keyOf(spec, names);
}

function events(): string {
  const sections = [...eventRegistry.values()].map((spec) => {
    const { type, topic, schema, fact } = spec;
    const once = fact ? `per ${code(fact.id)} of its shop, for ever` : `per ${code('eventId')}`;
    const isState = TOPIC_CONFIG[topic]['cleanup.policy'] === 'compact';
    const identity = `Counts once ${once}.${isState ? ' The last record of a key is its whole state.' : ''}`;
    const { description } = schema as Property;
    const rule = description === undefined ? '' : `\n\n${description}`;
    const fields = table(['field', 'type', '', 'limits', 'meaning'], fieldRows(schema as Property));
    return `## ${type}\n\nOn ${code(topic)}, with the key ${code(keyForm(spec))}. ${identity}${rule}\n\n${fields}`;
  });
  return page(
    'Events',
    'the schemas in `contracts/src/events`',
    'An event is a record whose value is plain JSON of at most 1,000,000 bytes. The processor reads its topic, key, value and timestamp. Our parts send CloudEvents in binary mode, with the attributes in headers (`ce_id`, `ce_type`, `ce_source`, `ce_time`) and `schema_version` beside them; a record without headers is counted as well. Fields that are not named here are allowed, and no metric uses them. `lines[].sku` is the field `sku` of each element of `lines`. What is marked as personal is cleared when a [customer is erased](../explanation/personal-data.md).',
    'A record that breaks a limit or an invariant is a dead letter with [its reason](fates.md). So is one with another key than the one named (on `system-logs` any key is taken), one in another currency than its shop’s, and one whose `eventTime` lies before 2000 or more than 5 minutes after the record’s timestamp.',
    'Money is an integer in units of 10^-scale of the shop’s currency: with scale 2, 1250 is 12.50. Times are milliseconds since the Unix epoch, UTC.',
    'A record’s partition must be that of Kafka’s Java client: the murmur2 hash of the key’s bytes, modulo the number of partitions. librdkafka’s default (`consistent_random`) is another one: set `partitioner=murmur2_random` there ([producers](../how-to/produce-events.md)).',
    'Each event has a [JSON Schema](events/order_placed.json) in `events/`, as the [collector](collector.md) takes it: there, some fields may be left out. `x-kafka` in it tells the topic, the key, and which fields a record on Kafka must have.',
    'An event that counts once per `eventId` is recognised for at least [ten minutes](../explanation/exactly-once.md#duplicates), the others for ever.',
    ...sections,
  );
}

/** How a document comes to its end, in words. */
const ENDS = {
  time: 'with time',
  work: 'when its work is done',
  replaced: 'by its successor',
  kept: 'never',
} as const;

function topics(): string {
  const rows = TOPICS.map((topic) => {
    const types = [...eventRegistry.values()]
      .filter((spec) => spec.topic === topic)
      .map(({ type }) => code(type));
    const config = Object.entries(TOPIC_CONFIG[topic]).map(([name, value]) => code(`${name}=${value}`));
    return [code(topic), types.join(' '), TOPIC_KEEPING[topic].how, config.join(' ')];
  });
  return page(
    'Topics and collections',
    '`contracts/src/topics.ts` and `keeping.ts`',
    'Missing topics are created at the start, with `TOPIC_PARTITIONS` partitions and `TOPIC_PREFIX` before their names. `transactions`, `product-views` and `user-interactions` are co-partitioned by `shop|visitorId`.',
    table(['topic', 'events', 'what it holds, and until when', 'created with'], rows),
    '## Collections of MongoDB',
    'Each has an end, or a reason to have none; so has each topic. [How long data is kept, and how to change it](../how-to/retention.md).',
    table(
      ['collection', 'a document ends', 'when, or why not'],
      Object.entries({ ...COLLECTION_KEEPING, ...LAKE_KEEPING })
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { ends, how }]) => [code(name), ENDS[ends], how]),
    ),
  );
}

function fates(): string {
  return page(
    'Fates',
    '`contracts/src/fates.ts`',
    'Every consumed record has exactly one fate, committed together with the state it changed, so the counts add up to what was consumed: `processed`, `duplicate` (counted before), or `dead-letter` with one of these reasons. A dead letter keeps its raw key, value and headers; `dead_letter_reason`, `dead_letter_detail`, `dead_letter_topic`, `dead_letter_partition`, `dead_letter_offset` and `dead_letter_timestamp` tell why and whence. `npm run dead-letters` lists, shows and replays them: [how](../how-to/dead-letters.md).',
    table(
      ['reason', 'meaning'],
      Object.entries(DEAD_LETTER_MEANINGS).map(([reason, meaning]) => [code(reason), meaning]),
    ),
  );
}

function collector(): string {
  return page(
    'Collector',
    'the sources of `collector/`',
    'The collector takes events over HTTP and acknowledges what Kafka has stored on all replicas. [How to connect a shop](../how-to/connect-your-shop.md); [why it answers so](../adr/0018-what-the-collector-acknowledges.md).',
    table(
      ['route', 'key', 'what'],
      [
        ['`POST /v1/events`', 'yes', 'one event or many'],
        ['`POST /v1/import`', 'yes', 'past sales, as CSV or JSON'],
        ['`GET /v1/schemas`', '', 'the event types'],
        ['`GET /v1/schemas/:type`', '', 'the JSON Schema of one, as in `events/`'],
        ['`GET /-/healthy`, `GET /-/ready`', '', 'it serves; it can take events (503 and why while not)'],
        ['`GET /metrics`', '', 'for Prometheus'],
      ],
    ),
    `## Body\n\n\`Content-Type\` is one of ${MEDIA_TYPES.map(code).join(', ')}. JSON is one event or an array; lines hold one event each; CloudEvents 1.0 carry the event in \`data\`, and their \`type\`, \`id\` and \`time\` stand for \`type\`, \`eventId\` and \`eventTime\`. In binary mode the attributes are the headers \`ce-specversion\`, \`ce-id\`, \`ce-source\`, \`ce-type\` and \`ce-time\`, and the body is the event as \`application/json\`. \`Content-Encoding\` may be \`gzip\`. The [settings](settings.md#collector) have the limits.`,
    '## What may be left out\n\nFields that may be null are null when they are left out. Without `eventId` one is made of the content, so that the same event sent again has the same; it needs an `eventTime` then. Without `eventTime` the time of arrival is taken, where there is an `eventId` and the type is no order, refund, payment or other fact: a copy of a fact must tell the same time. `eventTime` may be ISO 8601 with a zone. An event about an order may leave out `visitorId`: it becomes `customer:` and the customer’s id, or else `order:` and the order’s. `refundId`, `editId`, `paymentId`, `adjustmentId` and `movementId` may be left out: the `eventId` stands for them. The [schemas](events/order_placed.json) say of each field what stands for it.',
    '## Amounts as a shop has them\n\nEverything is held against the total that is told, to the last unit.\n\n- A discount of the whole order: `discount` is told for the order, and lines leave theirs out. They bear it in proportion to their price; a line that tells its own discount keeps it.\n- `subtotal` and `discount` of an order may be left out: the lines tell them. `shipping` and `tax` that are left out are 0, and the `category` of a line is null.\n- Prices with tax: `pricesIncludeTax` is true; then prices, discounts and `shipping` are told with tax, and `tax` says how much of it is in the total. It is taken out of the lines and of `shipping` in proportion to what they cost after discounts. Where rates differ, a line tells its own `tax`; of an `order_edited` each does. What is stored is without tax: a line whose pieces then have no common price becomes two, of which one is dearer by one unit.\n\nThe event on Kafka has the amounts [as the reference of events](events.md#order_placed) has them; `pricesIncludeTax` is not part of it.',
    '## Answer\n\n| status | meaning | send again? |\n|---|---|---|\n| 200 | all events are in Kafka | no |\n| 207 | some are; `items` tells what became of each | those that are `unavailable`, after `Retry-After` |\n| 422 | none is, and each says why | no: mend them |\n| 429 | the key sends too fast, or more arrives than Kafka takes; nothing was stored | all, after `Retry-After` |\n| 503 | none is known to be in Kafka | all that are `unavailable`, after `Retry-After` |\n\nThe body has `accepted`, `duplicate`, `rejected`, `unavailable` (how many) and `items`: for each event its `index` in the request, its `status`, its `eventId`, and for one that was not accepted `code`, `path` (a JSON pointer) and `message`. From 400 on it is a problem after RFC 9457 with a stable `code`, too. An event that is sent again unchanged [counts once](../explanation/exactly-once.md#duplicates).',
    `## Import\n\n\`POST /v1/import?shop=\` takes rows of sales: lines of orders and returns, adjustments and movements of stock. \`Content-Type\` is one of ${SALES_MEDIA_TYPES.map(code).join(', ')}. CSV has a header; JSON is an array of objects, lines hold one object each. The columns are ${COLUMNS.map(code).join(', ')}, in any order and case. Some other names are known, such as \`sku\`; any other is told in the address. \`CustomerID\` is a whole number, or empty. In JSON, \`Description\` and \`CustomerID\` may be left out, and a time may be epoch ms. Prices are in the currency of the shop, and times without an offset in its zone. [A replay](../how-to/replay-a-file.md) reads the same files, makes the same events of them, and says which forms there are.`,
    table(
      ['in the address', 'meaning', 'values'],
      Object.entries(ImportQuery.properties as Record<string, Property>).map(([name, property]) => [
        code(name),
        property.description ?? '',
        (property.enum ?? [])
          .filter((value) => value !== '\t')
          .map(code)
          .join(' '),
      ]),
    ),
    'Status, counts and limits are those of events; a request may have as many rows as events. Instead of `items` the answer has `rows`: for each row its number `row`, its `status`, and the `eventId` of the event that it is part of, or `code`, `path` (the column) and `message`. The number is that of the line, the header being one; in a JSON array it is the place, from 1. Empty lines are no rows.',
    'An invoice is stored as a whole, so all of its rows belong in one request: while one of them is wrong, the others are rejected as `incomplete-invoice`. An invoice that is sent again unchanged counts once; one that is counted stays as it is. [Why so](../adr/0023-sales-are-imported-by-invoice.md).',
    '## Codes of an event or a row',
    table(
      ['code', 'meaning'],
      Object.entries(ITEM_CODES).map(([name, meaning]) => [code(name), meaning]),
    ),
    '## Codes of a request',
    table(
      ['code', 'status', 'meaning'],
      Object.entries(ERRORS).map(([name, { status, title }]) => [code(name), String(status), title]),
    ),
  );
}

/** What a setting may be, as far as one short line can tell. */
function valuesOf({ minimum, maximum, minLength = 0 }: Property): string {
  if (minLength > 1) return `at least ${minLength} characters`;
  return [minimum, maximum].filter((n) => n !== undefined).join(' … ');
}

function settings(): string {
  const section = (title: string, schema: TObject) => {
    const rows = Object.values(schema.properties as Record<string, Property>).map((property) => [
      code(property.env ?? '') + (property.secret ? ` or ${code(`${property.env}_FILE`)}` : ''),
      property.default === undefined ? '' : code(String(property.default)),
      property.description ?? '',
      property.anyOf ? property.anyOf.map(typeOf).join(' ') : valuesOf(property),
    ]);
    return `## ${title}\n\n${table(['variable', 'default', 'meaning', 'values'], rows)}`;
  };
  return page(
    'Settings',
    'the settings’ schemas',
    'Read once from the environment at the start; a fault names every variable that does not fit.',
    section('Kafka', KafkaSettingsSchema),
    section('MongoDB', MongoSettingsSchema),
    section('Catalogue: processor, exporter and rebuild', CatalogSettingsSchema),
    section('Access: exporter, collector and simulator', AccessSettingsSchema),
    section('Processor', ProcessorSettingsSchema),
    section('Exporter', ExporterOwnSettingsSchema),
    section('Collector', CollectorSettingsSchema),
    section('Lake', LakeSettingsSchema),
    section('Archiver', ArchiverSettingsSchema),
    section('Warehouse', WarehouseSettingsSchema),
    section('Simulator', SimulatorSettingsSchema),
    ...(Object.keys(PORTS) as (keyof typeof PORTS)[]).map((part) =>
      section(
        `Server of the ${part}`,
        Type.Object({
          ...serverSettingsSchema(part).properties,
          ...(part === 'preview' ? HostSettingsSchema : listenerSettingsSchema(part)).properties,
        }),
      ),
    ),
  );
}
