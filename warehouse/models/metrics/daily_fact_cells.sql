{#
  Metrics over facts by shop, day, dimension and value, as the catalogue defines them: customers, with the dimensions of their first order,
  orders by the first attempt to pay them, and goods of orders that stand. What is told to date is told of every day from then on.
#}
{% set customer = ['total', 'country', 'device', 'channel', 'payment_method', 'cohort'] %}
with goods as (
  select shop_id, shop_date, customer_id, order_id, country, device, channel, gross - discount as amount
  from {{ ref('fct_orders') }} as orders
  union all
  select shop_id, shop_date, customer_id, order_id, country, device, channel, gross - discount as amount
  from {{ ref('fct_order_lines') }} as lines
  where not is_placed
  union all
  select shop_id, shop_date, customer_id, order_id, country, device, channel, -amount as amount
  from {{ ref('fct_returned_lines') }} as lines
),

-- Of orders at one instant the one that cost less is the first, then the one whose texts come first.
ordered as (
  select
    shop_id,
    shop_date,
    customer_id,
    country,
    device,
    channel,
    payment_method,
    row_number() over (
      partition by shop_id, customer_id
      order by
        occurred_at, gross, discount,
        {{ by_texts(['country', 'device', 'channel', 'payment_method']) }}
    ) as order_no
  from {{ ref('fct_orders') }} as orders
  where customer_id is not null
),

customers as (
  select
    shop_id,
    customer_id,
    shop_date as first_date,
    country,
    device,
    channel,
    payment_method,
    substring(cast(shop_date as {{ type_of_text() }}), 1, 7) as cohort
  from ordered
  where order_no = 1
),

-- What a customer moved before the first order counts from that order on.
moved as (
  select customers.shop_id, customers.customer_id, greatest(goods.shop_date, customers.first_date) as shop_date, goods.amount, 0 as orders, 0 as second_orders
  from goods
  inner join customers on customers.shop_id = goods.shop_id and customers.customer_id = goods.customer_id
  union all
  select shop_id, customer_id, shop_date, 0 as amount, 1 as orders, case when order_no = 2 then 1 else 0 end as second_orders
  from ordered
),

customer_days as (
  select
    customers.shop_id,
    moved.shop_date,
    customers.first_date,
    customers.country,
    customers.device,
    customers.channel,
    customers.payment_method,
    customers.cohort,
    sum(moved.amount) as amount,
    sum(moved.orders) as orders,
    sum(moved.second_orders) as second_orders
  from moved
  inner join customers on customers.shop_id = moved.shop_id and customers.customer_id = moved.customer_id
  group by 1, 2, 3, 4, 5, 6, 7, 8, customers.customer_id
),

added as (
  {{ cells('customer_days', customer, [
    ['customers_to_date', 'count(case when shop_date = first_date then 1 end)'],
    ['repeat_customers', 'sum(second_orders)'],
    ['customer_net_sales', 'sum(amount)']
  ]) }}
),

-- Each value that is told of, on each day of the shop.
told_of as (
  select values_told.shop_id, dates.shop_date, values_told.metric, values_told.dimension, values_told.value
  from (select distinct shop_id, metric, dimension, value from added) as values_told
  inner join {{ ref('dim_dates') }} as dates on dates.shop_id = values_told.shop_id
),

to_date as (
  select
    told_of.shop_id,
    told_of.shop_date,
    told_of.metric,
    told_of.dimension,
    told_of.value,
    sum(coalesce(added.amount, 0)) over (
      partition by told_of.shop_id, told_of.metric, told_of.dimension, told_of.value
      order by told_of.shop_date rows unbounded preceding
    ) as amount
  from told_of
  left join added
    on added.shop_id = told_of.shop_id
    and added.shop_date = told_of.shop_date
    and added.metric = told_of.metric
    and added.dimension = told_of.dimension
    and added.value = told_of.value
),

kept as (
  select goods.* from goods
  where not exists (
    select 1 from {{ ref('fct_cancellations') }} as cancellations
    where cancellations.shop_id = goods.shop_id and cancellations.order_id = goods.order_id
  )
),

attempts as (
  select
    shop_id,
    shop_date,
    country,
    device,
    channel,
    payment_method,
    max(case when is_authorized then 1 else 0 end) over (partition by shop_id, order_id) as is_paid,
    row_number() over (
      partition by shop_id, order_id
      order by
        occurred_at,
        case when is_authorized then 0 else 1 end,
        {{ by_texts(['country', 'device', 'channel', 'payment_method']) }}
    ) as attempt_no
  from {{ ref('fct_payments') }} as payments
),

paid_orders as (
  select * from attempts where attempt_no = 1
)

select shop_id, shop_date, metric, dimension, value, amount from to_date
union all
{{ cells('customer_days', customer, [
  ['ordering_customers', 'count(case when orders > 0 then 1 end)'],
  ['new_customers', 'count(case when orders > 0 and shop_date = first_date then 1 end)'],
  ['returning_customers', 'count(case when orders > 0 and shop_date > first_date then 1 end)']
]) }}
union all
{{ cells('kept', ['total', 'country', 'device', 'channel'], [['net_sales_without_cancelled', 'sum(amount)']]) }}
union all
{{ cells('paid_orders', ['total', 'country', 'device', 'channel', 'payment_method'], [
  ['payment_orders', 'count(*)'],
  ['failed_payment_orders', 'count(case when is_paid = 0 then 1 end)']
]) }}
