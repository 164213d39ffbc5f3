select
  {{ visit_columns() }},
  e.refund_id,
  e.order_id,
  e.lines,
  coalesce(e.shipping, 0) as shipping,
  coalesce(e.tax, 0) as tax,
  e.amount,
  e.currency,
  e.scale
from {{ once(source('lake', 'refund_issued'), 'shop') }} as e
