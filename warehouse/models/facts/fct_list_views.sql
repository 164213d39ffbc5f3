select * from {{ ref('stg_list_views') }}
