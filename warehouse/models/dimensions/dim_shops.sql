{# Shops as told last. Currency, scale and time zone are those that a shop was told with first: they are fixed. #}
with told as (
  select
    e.*,
    row_number() over (partition by e.shop_id order by {{ log_position('e') }} desc) as from_last
  from {{ source('lake', 'shop_upserted') }} as e
)

select shop_id, name, currency, scale, time_zone, week_start, retention, occurred_at as told_at
from told
where from_last = 1
