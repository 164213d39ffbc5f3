{# What a shop's currency is worth on a day, as the shop has told: of two for one day the later told holds. #}
select
  e.shop_id,
  e.shop_id || '|' || e.{{ quoted('day') }} || '|' || e.to_currency as rate_key,
  cast(e.{{ quoted('day') }} as date) as rate_date,
  e.currency,
  e.to_currency,
  e.rate,
  e.{{ quoted('source') }} as told_by,
  e.occurred_at as told_at
from {{ source('lake', 'exchange_rate_posted') }} as e
qualify row_number() over (
  partition by e.shop_id, e.{{ quoted('day') }}, e.to_currency order by e.occurred_at desc, e.event_id desc
) = 1
