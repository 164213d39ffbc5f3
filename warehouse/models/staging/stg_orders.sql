select
  {{ visit_columns() }},
  e.order_id,
  {{ one_of('e.payment_method', 'payment_methods') }} as payment_method,
  e.lines,
  e.subtotal,
  e.discount,
  e.shipping,
  e.tax,
  e.total,
  e.currency,
  e.scale
from {{ once(source('lake', 'order_placed'), 'shop') }} as e
