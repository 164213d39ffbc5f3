import { Amount, Text } from '@storepulse/contracts/events/envelope';
import { OrderEdited, OrderLine, OrderPlaced, RefundIssued } from '@storepulse/contracts/events/transactions';
import { type TProperties, type TSchema, Type } from 'typebox';

/** What of an event's amounts may be told otherwise than a record on Kafka has it. */
export interface AmountFields {
  /** Fields that are added, or stand for those of the event. */
  readonly fields: TProperties;
  /** Fields that may be left out, and what stands for them. */
  readonly omissible: Readonly<Record<string, string>>;
}

const ZERO = '0';
const tax = Type.Optional(
  Amount({
    minimum: 0,
    description: 'where prices include tax: the tax within the line, after its discount',
  }),
);
const category = Type.Optional(Type.Union([Text(80), Type.Null()], { default: null }));
const discount = (leftOut: string) =>
  Type.Optional(Amount({ minimum: 0, description: `taken off the whole line; left out: ${leftOut}` }));

/** Lines as they may be sent. */
function lines(leftOut: string, minItems: number, description: string): TSchema {
  const line = Type.Object({ ...OrderLine.properties, category, discount: discount(leftOut), tax });
  return Type.Array(line, { minItems, maxItems: 5_000, description });
}

function pricesIncludeTax(rule: string): TSchema {
  return Type.Optional(
    Type.Boolean({
      default: false,
      description: `whether all prices, discounts and \`shipping\` are told with tax. ${rule} It is taken out of them to the last unit; a line whose pieces then have no common price becomes two`,
    }),
  );
}

const SPREAD =
  '`tax` must be told then. What lines do not tell of it themselves lies in the other lines and in `shipping`, in proportion to what they cost.';

/** Fields of the event types whose amounts may be told otherwise, by type. */
export const AMOUNT_FIELDS = {
  order_placed: {
    fields: {
      lines: lines('its share of `discount`, in proportion to its price', 1, 'what was bought'),
      subtotal: OrderPlaced.properties.subtotal,
      discount: OrderPlaced.properties.discount,
      shipping: OrderPlaced.properties.shipping,
      tax: OrderPlaced.properties.tax,
      total: OrderPlaced.properties.total,
      pricesIncludeTax: pricesIncludeTax(SPREAD),
    },
    omissible: {
      subtotal: 'what the lines add up to',
      discount: 'what the lines tell',
      shipping: ZERO,
      tax: ZERO,
    },
  },
  order_edited: {
    fields: {
      added: lines('0', 0, 'lines that were put on'),
      removed: lines('found from `total`, as that of a refund', 0, 'lines that were taken off'),
      shipping: OrderEdited.properties.shipping,
      tax: OrderEdited.properties.tax,
      total: OrderEdited.properties.total,
      pricesIncludeTax: pricesIncludeTax('`tax` must be told then, and that of each line.'),
    },
    omissible: { added: 'none', removed: 'none', shipping: ZERO, tax: ZERO },
  },
  refund_issued: {
    fields: {
      lines: Type.Optional(
        lines('found from `amount` or the order', 0, 'the goods that came back; may be none'),
      ),
      shipping: RefundIssued.properties.shipping,
      tax: RefundIssued.properties.tax,
      amount: RefundIssued.properties.amount,
      pricesIncludeTax: pricesIncludeTax(SPREAD),
    },
    omissible: {},
  },
} as const satisfies Readonly<Record<string, AmountFields>>;

/** An event type whose amounts may be told otherwise. */
export type AmountType = keyof typeof AMOUNT_FIELDS;

/** Whether the amounts of an event type may be told otherwise. */
export function isAmountType(type: string): type is AmountType {
  return Object.hasOwn(AMOUNT_FIELDS, type);
}
