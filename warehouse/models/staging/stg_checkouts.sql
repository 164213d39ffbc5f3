select
  {{ visit_columns() }},
  e.items,
  e.{{ quoted('value') }} as cart_value,
  e.currency,
  e.scale
from {{ once(source('lake', 'checkout_started'), 'partition') }} as e
