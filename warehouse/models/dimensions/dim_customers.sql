{#
  Customers with their history: one row for each state that was told, in the order of the log. An erased customer is not in
  it: the archive has no record of theirs any more.
#}
with told as (
  select
    e.shop_id,
    e.customer_id,
    {{ any_name('e.country', 80) }} as country,
    e.city,
    e.age,
    e.gender,
    e.created_at,
    e.last_login_at,
    e.occurred_at,
    {{ log_position('e') }} as log_position
  from {{ source('lake', 'customer_upserted') }} as e
  where e.customer_id is not null
  qualify row_number() over (
    partition by e.shop_id, e.topic, e.{{ quoted('partition') }}, e.identity order by e.{{ quoted('offset') }}
  ) = 1
),

first_orders as (
  select shop_id, customer_id, min(shop_date) as first_order_date, count(*) as orders
  from {{ ref('fct_orders') }}
  where customer_id is not null
  group by shop_id, customer_id
)

select
  told.shop_id,
  told.customer_id,
  told.shop_id || '|' || told.customer_id as customer_key,
  told.shop_id || '|' || told.customer_id || '|' || row_number() over (
    partition by told.shop_id, told.customer_id order by told.log_position
  ) as version_key,
  row_number() over (partition by told.shop_id, told.customer_id order by told.log_position) as version_no,
  told.country,
  told.city,
  told.age,
  told.gender,
  told.created_at,
  told.last_login_at,
  told.occurred_at as valid_from,
  lead(told.occurred_at) over (partition by told.shop_id, told.customer_id order by told.log_position) as valid_to,
  lead(told.occurred_at) over (partition by told.shop_id, told.customer_id order by told.log_position) is null as is_current,
  first_orders.first_order_date,
  coalesce(first_orders.orders, 0) as orders
from told
left join first_orders
  on first_orders.shop_id = told.shop_id and first_orders.customer_id = told.customer_id
