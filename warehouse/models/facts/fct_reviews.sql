select * from {{ ref('stg_reviews') }}
