select
  {{ event_columns() }},
  {{ any_name('e.sku', 128) }} as sku,
  {{ any_name('e.category', 80) }} as category,
  e.sku as product_sku,
  e.name,
  e.price,
  e.stock,
  e.supplier,
  e.rating,
  e.currency,
  e.scale
from {{ once(source('lake', 'product_upserted'), 'partition') }} as e
