select
  {{ visit_columns() }},
  e.order_id
from {{ once(source('lake', 'order_cancelled'), 'shop') }} as e
