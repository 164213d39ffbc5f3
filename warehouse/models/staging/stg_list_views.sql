select
  {{ visit_columns() }},
  e.list
from {{ once(source('lake', 'product_list_viewed'), 'partition') }} as e
