select * from {{ ref('stg_cancellations') }}
