select
  {{ visit_fields('e') }},
  {{ key('e.order_id') }} as order_key,
  e.order_id,
  payment_method,
  {{ length_of('lines') }} as line_count,
  subtotal as gross,
  discount,
  shipping,
  tax,
  total,
  currency,
  scale
from {{ ref('stg_orders') }} as e
