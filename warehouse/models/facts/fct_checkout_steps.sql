select * from {{ ref('stg_checkout_steps') }}
