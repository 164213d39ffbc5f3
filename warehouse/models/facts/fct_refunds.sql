select
  {{ visit_fields('e') }},
  refund_id,
  order_id,
  shipping,
  tax,
  amount,
  currency,
  scale
from {{ ref('stg_refunds') }} as e
