select e.*, {{ key('e.movement_id') }} as movement_key from {{ ref('stg_stock_movements') }} as e
