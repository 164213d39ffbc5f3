select
  {{ visit_columns() }},
  e.items
from {{ once(source('lake', 'cart_viewed'), 'partition') }} as e
