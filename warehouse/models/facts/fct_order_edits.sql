select
  {{ visit_fields('e') }},
  {{ key('e.edit_id') }} as edit_key,
  e.edit_id,
  order_id,
  payment_method,
  shipping,
  tax,
  total,
  currency,
  scale
from {{ ref('stg_order_edits') }} as e
