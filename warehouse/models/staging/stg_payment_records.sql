{# All records of both types, copies included. #}
select
  topic, {{ quoted('partition') }}, {{ quoted('offset') }}, shop_id, shop_date, event_id, event_type, identity, occurred_at, occurred,
  visitor_id, session_id, customer_id, country, device, channel, payment_id, order_id, method, amount, currency, scale
from {{ source('lake', 'payment_authorized') }}
union all
select
  topic, {{ quoted('partition') }}, {{ quoted('offset') }}, shop_id, shop_date, event_id, event_type, identity, occurred_at, occurred,
  visitor_id, session_id, customer_id, country, device, channel, payment_id, order_id, method, amount, currency, scale
from {{ source('lake', 'payment_failed') }}
