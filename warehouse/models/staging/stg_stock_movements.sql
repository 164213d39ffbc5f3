select
  {{ visit_columns() }},
  e.movement_id,
  {{ any_name('e.sku', 128) }} as sku,
  e.quantity
from {{ once(source('lake', 'stock_moved'), 'shop') }} as e
