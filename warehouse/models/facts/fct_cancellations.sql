select e.*, {{ key('e.order_id') }} as order_key from {{ ref('stg_cancellations') }} as e
