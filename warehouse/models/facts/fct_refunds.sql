select
  {{ visit_fields('e') }},
  {{ key('e.refund_id') }} as refund_key,
  e.refund_id,
  order_id,
  shipping,
  tax,
  amount,
  currency,
  scale
from {{ ref('stg_refunds') }} as e
