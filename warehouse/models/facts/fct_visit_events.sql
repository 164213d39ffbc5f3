{# Everything that visitors did, as far as visits and audiences are told from it. #}
select
  {{ visit_fields('e') }},
  cast(null as {{ type_of_text() }}) as step,
  true as is_activity
from {{ ref('stg_visit_starts') }} as e
union all
select
  {{ visit_fields('e') }},
  'viewed' as step,
  true as is_activity
from {{ ref('stg_product_views') }} as e
union all
select
  {{ visit_fields('e') }},
  cast(null as {{ type_of_text() }}) as step,
  true as is_activity
from {{ ref('stg_list_views') }} as e
union all
select
  {{ visit_fields('e') }},
  'searched' as step,
  true as is_activity
from {{ ref('stg_searches') }} as e
union all
select
  {{ visit_fields('e') }},
  'carted' as step,
  true as is_activity
from {{ ref('stg_cart_adds') }} as e
union all
select
  {{ visit_fields('e') }},
  cast(null as {{ type_of_text() }}) as step,
  true as is_activity
from {{ ref('stg_cart_removals') }} as e
union all
select
  {{ visit_fields('e') }},
  cast(null as {{ type_of_text() }}) as step,
  true as is_activity
from {{ ref('stg_cart_views') }} as e
union all
select
  {{ visit_fields('e') }},
  'checkout' as step,
  true as is_activity
from {{ ref('stg_checkouts') }} as e
union all
select
  {{ visit_fields('e') }},
  cast(null as {{ type_of_text() }}) as step,
  true as is_activity
from {{ ref('stg_checkout_steps') }} as e
union all
select
  {{ visit_fields('e') }},
  cast(null as {{ type_of_text() }}) as step,
  true as is_activity
from {{ ref('stg_wishlist_adds') }} as e
union all
select
  {{ visit_fields('e') }},
  cast(null as {{ type_of_text() }}) as step,
  true as is_activity
from {{ ref('stg_reviews') }} as e
union all
select
  {{ visit_fields('e') }},
  'ordered' as step,
  true as is_activity
from {{ ref('stg_orders') }} as e
union all
select
  {{ visit_fields('e') }},
  cast(null as {{ type_of_text() }}) as step,
  false as is_activity
from {{ ref('stg_order_edits') }} as e
union all
select
  {{ visit_fields('e') }},
  cast(null as {{ type_of_text() }}) as step,
  false as is_activity
from {{ ref('stg_refunds') }} as e
union all
select
  {{ visit_fields('e') }},
  cast(null as {{ type_of_text() }}) as step,
  false as is_activity
from {{ ref('stg_cancellations') }} as e
union all
select
  {{ visit_fields('e') }},
  cast(null as {{ type_of_text() }}) as step,
  false as is_activity
from {{ ref('stg_payments') }} as e
union all
select
  {{ visit_fields('e') }},
  cast(null as {{ type_of_text() }}) as step,
  false as is_activity
from {{ ref('stg_adjustments') }} as e
union all
select
  {{ visit_fields('e') }},
  cast(null as {{ type_of_text() }}) as step,
  false as is_activity
from {{ ref('stg_stock_movements') }} as e
