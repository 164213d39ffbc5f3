select
  {{ visit_columns() }},
  e.adjustment_id,
  e.amount,
  e.currency,
  e.scale
from {{ once(source('lake', 'adjustment_posted'), 'shop') }} as e
