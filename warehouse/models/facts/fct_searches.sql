select * from {{ ref('stg_searches') }}
