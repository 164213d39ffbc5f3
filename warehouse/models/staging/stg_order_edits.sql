select
  {{ visit_columns() }},
  e.edit_id,
  e.order_id,
  {{ one_of('e.payment_method', 'payment_methods') }} as payment_method,
  e.added,
  e.removed,
  e.shipping,
  e.tax,
  e.total,
  e.currency,
  e.scale
from {{ once(source('lake', 'order_edited'), 'shop') }} as e
