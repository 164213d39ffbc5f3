select
  {{ visit_columns() }},
  {{ any_name('e.sku', 128) }} as sku,
  {{ any_name('e.category', 80) }} as category,
  e.price,
  e.currency,
  e.scale
from {{ once(source('lake', 'wishlist_item_added'), 'partition') }} as e
