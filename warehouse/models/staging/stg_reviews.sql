select
  {{ visit_columns() }},
  {{ any_name('e.sku', 128) }} as sku,
  {{ any_name('e.category', 80) }} as category,
  e.rating
from {{ once(source('lake', 'review_submitted'), 'partition') }} as e
