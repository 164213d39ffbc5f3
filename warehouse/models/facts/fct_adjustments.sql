select e.*, {{ key('e.adjustment_id') }} as adjustment_key from {{ ref('stg_adjustments') }} as e
