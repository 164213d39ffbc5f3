import { eventRegistry } from '@storepulse/contracts';
import { Compile } from 'typebox/compile';

/** Chooses one of what it is given. */
export type Pick = <T>(from: readonly T[]) => T;

/** Chooses by a seed: a linear congruential generator, of whose state the upper bits are used. */
export function seededPick(seed: number): Pick {
  let state = seed >>> 0;
  return (from) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return from[Math.floor((state / 2 ** 32) * from.length)]!;
  };
}

interface Schema {
  readonly const?: unknown;
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

const TEXTS = [
  ...[
    '',
    'a',
    'GBP',
    'demo',
    'v-1',
    'Mugs & Cups',
    '2026-01-31',
    '1.1523',
    'Europe/London',
    'abc-1234',
    'x'.repeat(64),
  ],
  ...[
    'Möbel',
    '東京',
    '😀',
    'a|b',
    'x'.repeat(41),
    'x'.repeat(129),
    '0123456789abcdef0123456789abcdef',
    '\u007f',
  ],
];
const NUMBERS = [0, 1, 3, 10, 1_234, 1_767_225_600_000, 253_402_300_800_000, 999_999_999_999, -1, -7, 4.5];

/** Builds what makes an event of a type that fits its schema, of few different values; optional fields come and go. */
export function createExamples(): (type: string, pick: Pick) => Record<string, unknown> {
  const fitting = new Map<Schema, readonly unknown[]>();
  const scalar = (schema: Schema): readonly unknown[] => {
    let values = fitting.get(schema);
    if (!values) {
      const check = Compile(schema as never);
      values = [...TEXTS, ...NUMBERS, null, true, ...constants(schema)].filter((value) => check.Check(value));
      fitting.set(schema, values);
    }
    return values;
  };
  const make = (schema: Schema, pick: Pick): unknown => {
    if (schema.type === 'object') {
      const { properties = {}, required = [] } = schema;
      const told = Object.entries(properties).filter(
        ([name]) => required.includes(name) || pick([true, false]),
      );
      return Object.fromEntries(told.map(([name, field]) => [name, make(field, pick)]));
    }
    if (schema.type === 'array')
      return Array.from({ length: pick([1, 1, 2, 3]) }, () => make(schema.items!, pick));
    return pick(scalar(schema));
  };
  return (type, pick) => make(eventRegistry.get(type)!.schema as Schema, pick) as Record<string, unknown>;
}

function constants({ const: value, anyOf = [] }: Schema): unknown[] {
  return [...(value === undefined ? [] : [value]), ...anyOf.flatMap(constants)];
}

/** Values in the place of a field's: such as JSON has in more than one way, or does not have. */
const ODD_VALUES = [
  ...[
    '1e3',
    '-0',
    '-1',
    '01',
    '1.0',
    '1.5',
    '1E2',
    '+1',
    '.5',
    '0x1',
    '0',
    '00',
    'NaN',
    '1_0',
    '1 ',
    ' 1',
    '-',
  ],
  ...['999999999999999', '1000000000000000', '9007199254740993', '12345678901234567890', '1e400'],
  ...[
    'null',
    'nul',
    'nulls',
    'true',
    'false',
    '{}',
    '[]',
    '[1]',
    '{"a":1}',
    '[,]',
    '["a",]',
    'undefined',
    '',
  ],
  ...[
    '"\\u0041"',
    '"\\n"',
    '"\\\\"',
    '"\\""',
    '"\\ud83d"',
    '"é"',
    '"😀"',
    '"a\tb"',
    '"a\u007fb"',
    '"a|b"',
    '"',
    '""',
  ],
  ...['"\ufeff"', '"\ufffd"', `"${'x'.repeat(300)}"`, '"item', "'a'", '"a" "b"', '"a","b"'],
];
const ODD_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  '1',
  '',
  'type',
  'shop',
  'eventId',
  'é',
  'extra',
  '\\u0061',
];
const ODD_BYTES = [
  ...Buffer.from('"\\{}[]:,0-1.eEn \n\ta'),
  0x00,
  0x1f,
  0x7f,
  0x80,
  0xc3,
  0xa9,
  0xed,
  0xa0,
  0xef,
  0xbb,
  0xbf,
  0xff,
];

/** Changes one thing in the text of an event: a byte, a value, a field, or how it is written. */
export function mutate(text: Buffer, pick: Pick): Buffer {
  const json = text.toString();
  const at = pick([...text.keys()]);
  const fields = Object.entries(JSON.parse(json) as object);
  const [name] = pick(fields);
  const written = (entries: readonly (readonly [string, unknown])[]) =>
    Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const withValue = (value: string) => {
    const values = [...json.matchAll(/(?<=[:[,])("[^"]*"|-?[\d.]+|null)(?=[,}\]])/g)];
    const { 0: before, index } = pick(values);
    return Buffer.from(json.slice(0, index) + value + json.slice(index + before.length));
  };
  const withList = (content: (before: string) => string) =>
    Buffer.from(json.replace(/(?<=\[)[^[\]]*(?=\])/, content));
  const changes: (() => Buffer)[] = [
    () => Buffer.concat([text.subarray(0, at), Buffer.from([pick(ODD_BYTES)]), text.subarray(at + 1)]),
    () => Buffer.concat([text.subarray(0, at), Buffer.from([pick(ODD_BYTES)]), text.subarray(at)]),
    () => Buffer.concat([text.subarray(0, at), text.subarray(at + 1)]),
    () => text.subarray(0, at),
    () => Buffer.concat([text, text.subarray(at)]),
    () => withValue(pick(ODD_VALUES)),
    () => withValue(pick(ODD_VALUES)),
    () =>
      withValue(Array.from({ length: pick([15, 16, 17, 22]) }, () => pick(['1', '3', '7', '9'])).join('')),
    () => withList(() => ''),
    () => withList((each) => Array.from({ length: pick([2, 11, 201]) }, () => each).join(',')),
    () => withValue(pick(TEXTS.map((value) => JSON.stringify(value)))),
    () => written(fields.toReversed()),
    () => written(fields.filter(([each]) => each !== name)),
    () =>
      Buffer.from(json.replace('{', `{"${pick(ODD_NAMES)}":${pick(['1', '"a"', 'null', '{"a":1}', '[]'])},`)),
    () =>
      Buffer.from(
        `${json.slice(0, -1)},"${pick(ODD_NAMES)}":${pick(['1', '"a"', 'null', '{"a":1}', '[]'])}}`,
      ),
    () => Buffer.from(json.replace(`"${name}":`, `"${pick(ODD_NAMES)}":`)),
    () =>
      Buffer.from(
        json.replace(/,(?=")/g, (found) => (pick([1, 0, 0]) ? `${found}${pick([' ', '\n', '  '])}` : found)),
      ),
    () => Buffer.from(JSON.stringify(JSON.parse(json), null, 1)),
    () => Buffer.from(`${pick(['\ufeff', ' ', '\n', '[', '1'])}${json}`),
    () => Buffer.from(`${json}${pick([' ', '\n', '}', ',', '\u0000', json])}`),
  ];
  return pick(changes)();
}
