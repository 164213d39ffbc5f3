select * from {{ ref('stg_adjustments') }}
