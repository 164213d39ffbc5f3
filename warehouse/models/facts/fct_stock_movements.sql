select * from {{ ref('stg_stock_movements') }}
