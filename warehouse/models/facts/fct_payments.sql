select e.*, {{ key('e.payment_id') }} as payment_key, {{ key('e.order_id') }} as order_key from {{ ref('stg_payments') }} as e
