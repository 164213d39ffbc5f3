{#
  Every stored metric of the catalogue by shop, day, dimension and value, amounts in minor units: what `npm run reconcile`
  holds against the stream.
#}
select shop_id, shop_date, metric, dimension, value, amount
from {{ ref('daily_event_cells') }}
where amount is not null
union all
select shop_id, shop_date, metric, dimension, value, amount
from {{ ref('daily_visit_cells') }}
where amount is not null
