{#
  Visits: the union of their events, whatever task has counted them. A visit is booked where its earliest event is, and has
  that one's country, device and channel. Of each later step the first 50 moments count.
#}
{{ config(pre_hook='{{ forget_touched_visits() }}') }}
with touched as (
  select distinct e.shop_id, e.session_id
  from {{ ref('fct_visit_events') }} as e
  where e.session_id is not null and {{ is_changed('e') }}
),

events as (
  select e.*
  from {{ ref('fct_visit_events') }} as e
  inner join touched on touched.shop_id = e.shop_id and touched.session_id = e.session_id
),

firsts as (
  select * from events
  qualify row_number() over (partition by shop_id, session_id order by occurred_at, event_id) = 1
),

spans as (
  select
    shop_id,
    session_id,
    count(*) as events,
    max(occurred_at) as last_seen_at,
    count(distinct case when event_type <> 'session_started' then occurred_at end) as interactions,
    min(case when step = 'searched' then occurred_at end) as searched_at,
    min(case when step = 'viewed' then occurred_at end) as viewed_at,
    min(case when step = 'carted' then occurred_at end) as carted_at,
    min(case when step = 'checkout' then occurred_at end) as checkout_at,
    min(case when step = 'ordered' then occurred_at end) as ordered_at
  from events
  group by shop_id, session_id
),

moments as (
  select shop_id, session_id, step, occurred_at
  from events
  where step in ('carted', 'checkout', 'ordered')
  group by shop_id, session_id, step, occurred_at
  qualify row_number() over (partition by shop_id, session_id, step order by occurred_at) <= 50
),

-- The closed funnel: each step at or after the earliest that the step before could be.
funnel_carts as (
  select spans.shop_id, spans.session_id, min(moments.occurred_at) as reached_at
  from spans
  inner join moments
    on moments.shop_id = spans.shop_id
    and moments.session_id = spans.session_id
    and moments.step = 'carted'
    and moments.occurred_at >= spans.viewed_at
  group by spans.shop_id, spans.session_id
),

funnel_checkouts as (
  select before.shop_id, before.session_id, min(moments.occurred_at) as reached_at
  from funnel_carts as before
  inner join moments
    on moments.shop_id = before.shop_id
    and moments.session_id = before.session_id
    and moments.step = 'checkout'
    and moments.occurred_at >= before.reached_at
  group by before.shop_id, before.session_id
),

funnel_orders as (
  select before.shop_id, before.session_id, min(moments.occurred_at) as reached_at
  from funnel_checkouts as before
  inner join moments
    on moments.shop_id = before.shop_id
    and moments.session_id = before.session_id
    and moments.step = 'ordered'
    and moments.occurred_at >= before.reached_at
  group by before.shop_id, before.session_id
)

select
  firsts.shop_id,
  firsts.shop_date,
  firsts.shop_id || '|' || firsts.session_id as visit_key,
  firsts.session_id,
  firsts.visitor_id,
  firsts.customer_id,
  firsts.country,
  firsts.device,
  firsts.channel,
  firsts.occurred_at as started_at,
  firsts.occurred as started,
  spans.last_seen_at,
  spans.events,
  spans.interactions,
  spans.searched_at,
  spans.viewed_at,
  spans.carted_at,
  spans.checkout_at,
  spans.ordered_at,
  funnel_carts.reached_at as funnel_cart_at,
  funnel_checkouts.reached_at as funnel_checkout_at,
  funnel_orders.reached_at as funnel_order_at,
  spans.last_seen_at <= runs.settled_through as is_settled
from firsts
inner join spans on spans.shop_id = firsts.shop_id and spans.session_id = firsts.session_id
left join funnel_carts
  on funnel_carts.shop_id = firsts.shop_id and funnel_carts.session_id = firsts.session_id
left join funnel_checkouts
  on funnel_checkouts.shop_id = firsts.shop_id and funnel_checkouts.session_id = firsts.session_id
left join funnel_orders
  on funnel_orders.shop_id = firsts.shop_id and funnel_orders.session_id = firsts.session_id
cross join {{ source('lake', 'runs') }} as runs
