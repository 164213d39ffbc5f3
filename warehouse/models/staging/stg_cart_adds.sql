select
  {{ visit_columns() }},
  {{ any_name('e.sku', 128) }} as sku,
  {{ any_name('e.category', 80) }} as category,
  e.price,
  e.quantity,
  e.currency,
  e.scale
from {{ once(source('lake', 'cart_item_added'), 'partition') }} as e
