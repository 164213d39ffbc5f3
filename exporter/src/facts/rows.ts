import type { OrderEdited, OrderPlaced, Product, RefundIssued } from '@storepulse/contracts';

/** What is known of how an order or a payment came about. */
export interface Circumstances {
  readonly country: string | null;
  readonly device: string | null;
  readonly channel: string | null;
  readonly paymentMethod: string | null;
}

/** The same without how it was paid. */
export type VisitCircumstances = Omit<Circumstances, 'paymentMethod'>;

/** What an order was sold for, as stored in `orders`. */
export type GoodsOrder = Pick<OrderPlaced, 'eventTime' | 'subtotal' | 'discount'> & VisitCircumstances;

/** An order that was called off; undefined where it was never told. */
export interface CancelledOrder {
  readonly orderId: string;
  readonly order?: GoodsOrder;
}

/** A refund of whatever order, or of none that is named. */
export type GoodsRefund = Omit<RefundFact, 'customerId'> &
  VisitCircumstances & { readonly orderId: string | null };

/** A change of whatever order. */
export type GoodsEdit = Omit<EditFact, 'customerId'> & VisitCircumstances & { readonly orderId: string };

/** An order of an identified customer, as stored in `orders`. */
export type OrderFact = Pick<OrderPlaced, 'eventTime' | 'subtotal' | 'discount'> &
  Circumstances & { readonly customerId: string };

/** A refund of an identified customer, as stored in `refunds`; an index tells null where a field is absent. */
export type RefundFact = Pick<RefundIssued, 'eventTime' | 'amount'> & {
  readonly customerId: string;
  readonly shipping?: number | null;
  readonly tax?: number | null;
  /** What the order took off the goods and the refund does not tell. */
  readonly discountAsSold?: number | null;
};

/** A change of an order of an identified customer, as stored in `order-edits`. */
export type EditFact = Pick<OrderEdited, 'eventTime' | 'total' | 'shipping' | 'tax'> & {
  readonly customerId: string;
  /** What the order took off the removed goods and the edit does not tell. */
  readonly discountAsSold?: number | null;
};

/** What an order adds to the net sales, in minor units. */
export function soldGoods({ subtotal, discount }: Pick<GoodsOrder, 'subtotal' | 'discount'>): number {
  return subtotal - discount;
}

/** What a refund gives back of the net sales, in minor units: goods as they were sold, without delivery and tax. */
export function refundedGoods({
  amount,
  shipping,
  tax,
  discountAsSold,
}: Omit<RefundFact, 'customerId'>): number {
  return amount - (shipping ?? 0) - (tax ?? 0) - (discountAsSold ?? 0);
}

/** What an edit adds to the net sales, in minor units: without delivery and tax; negative when it takes off more. */
export function editedGoods({ total, shipping, tax, discountAsSold }: Omit<EditFact, 'customerId'>): number {
  return total - shipping - tax + (discountAsSold ?? 0);
}

/** An attempt to pay, as stored in `payments`. */
export type PaymentFact = Omit<Circumstances, 'paymentMethod'> & {
  readonly method: string | null;
  readonly eventTime: number;
  readonly orderId: string;
  readonly type: 'payment_authorized' | 'payment_failed';
};

/** A product's record, as stored in `products`. */
export type ProductFact = Pick<Product, 'stock' | 'category'>;
