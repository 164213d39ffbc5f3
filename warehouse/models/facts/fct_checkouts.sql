select * from {{ ref('stg_checkouts') }}
