-- By whatever dimension a metric is split, its values add up to its total; what is counted once, told last, or the greatest, does not.
select shop_id, shop_date, metric, dimension, sum(amount) as amount, max(total) as total
from (
  select
    cells.*,
    max(case when dimension = 'total' then amount end) over (partition by shop_id, shop_date, metric) as total
  from {{ ref('daily_cells') }} as cells
  where {{ is_changed('cells') }} and metric not in ('customers', 'buyers', 'active_visitors', 'stock', 'largest_order', 'smallest_order')
) as told
group by shop_id, shop_date, metric, dimension
having sum(amount) <> max(total)
