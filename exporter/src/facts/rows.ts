import type { OrderPlaced, Product, RefundIssued } from '@storepulse/contracts';

/** What is known of how an order or a payment came about. */
export interface Circumstances {
  readonly country: string | null;
  readonly device: string | null;
  readonly channel: string | null;
  readonly paymentMethod: string | null;
}

/** An order of an identified customer, as stored in `orders`. */
export type OrderFact = Pick<OrderPlaced, 'eventTime' | 'subtotal' | 'discount'> &
  Circumstances & { readonly customerId: string };

/** A refund of an identified customer, as stored in `refunds`. */
export type RefundFact = Pick<RefundIssued, 'eventTime' | 'amount'> & { readonly customerId: string };

/** An attempt to pay, as stored in `payments`. */
export type PaymentFact = Omit<Circumstances, 'paymentMethod'> & {
  readonly method: string | null;
  readonly eventTime: number;
  readonly orderId: string;
  readonly type: 'payment_authorized' | 'payment_failed';
};

/** A product's record, as stored in `products`. */
export type ProductFact = Pick<Product, 'stock' | 'category'>;
