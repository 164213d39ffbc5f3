{# Everything that is counted from single events, by day, as the catalogue counts it. #}
{% set visit = ['total', 'country', 'device', 'channel'] %}
{% set sale = ['total', 'country', 'device', 'channel', 'payment_method'] %}
{% set goods = ['total', 'country', 'device', 'channel', 'category', 'sku'] %}
with charges as (
  select shop_id, shop_date, country, device, channel, payment_method, shipping, tax
  from {{ ref('fct_orders') }} as orders
  union all
  select shop_id, shop_date, country, device, channel, payment_method, shipping, tax
  from {{ ref('fct_order_edits') }} as edits
),

reversals as (
  select shop_id, shop_date, country, device, channel, shipping, tax
  from {{ ref('fct_refunds') }} as refunds
  union all
  select shop_id, shop_date, country, device, channel, greatest(-shipping, 0) as shipping, greatest(-tax, 0) as tax
  from {{ ref('fct_order_edits') }} as edits
),

transactions as (
  select shop_id, shop_date, country, customer_id from {{ ref('fct_orders') }} as orders
  union all
  select shop_id, shop_date, country, customer_id from {{ ref('fct_refunds') }} as refunds
  union all
  select shop_id, shop_date, country, customer_id from {{ ref('fct_adjustments') }} as adjustments
  union all
  select shop_id, shop_date, country, customer_id from {{ ref('fct_stock_movements') }} as movements
)

{{ cells(ref('fct_orders') ~ ' as orders', sale, [
  ['orders', 'count(*)'],
  ['largest_order', 'max(total)'],
  ['smallest_order', 'min(total)']
]) }}
union all
{{ cells('charges', sale, [['shipping', 'sum(greatest(shipping, 0))'], ['tax', 'sum(greatest(tax, 0))']]) }}
union all
{{ cells(ref('fct_order_lines') ~ ' as lines', ['total', 'country', 'device', 'channel', 'category', 'sku', 'payment_method'], [
  ['gross_sales', 'sum(gross)'],
  ['discounts', 'sum(discount)'],
  ['units', 'sum(quantity)'],
  ['order_lines', 'count(case when is_placed then 1 end)']
]) }}
union all
{{ cells(ref('fct_returned_lines') ~ ' as lines', goods, [['returns', 'sum(amount)']]) }}
union all
{{ cells('reversals', visit, [['shipping_returned', 'sum(shipping)'], ['tax_returned', 'sum(tax)']]) }}
union all
{{ cells(ref('fct_refunds') ~ ' as refunds', visit, [['refunds', 'count(*)']]) }}
union all
{{ cells(ref('fct_order_edits') ~ ' as edits', visit, [['order_edits', 'count(*)']]) }}
union all
{{ cells(ref('fct_cancellations') ~ ' as cancellations', visit, [['cancellations', 'count(*)']]) }}
union all
{{ cells(ref('fct_adjustments') ~ ' as adjustments', visit, [['adjustments', 'sum(amount)']]) }}
union all
{{ cells('transactions', ['total', 'country'], [['customers', 'count(distinct customer_id)']]) }}
union all
{{ cells(ref('fct_orders') ~ ' as orders', visit, [['buyers', 'count(distinct visitor_id)']]) }}
union all
{{ cells('(select * from ' ~ ref('fct_visit_events') ~ ' as told where is_activity) as activity', visit, [
  ['active_visitors', 'count(distinct visitor_id)']
]) }}
union all
{{ cells('(select * from ' ~ ref('fct_visit_events') ~ ' as told where is_activity) as activity', ['total'], [
  ['active_sessions', 'count(distinct session_id)']
]) }}
union all
{{ cells(ref('fct_product_views') ~ ' as views', goods, [
  ['product_views', 'count(*)'],
  ['view_time', 'sum(duration_ms)']
]) }}
union all
{{ cells(ref('fct_list_views') ~ ' as views', visit, [['list_views', 'count(*)']]) }}
union all
{{ cells(ref('fct_cart_adds') ~ ' as adds', goods, [['cart_adds', 'count(*)']]) }}
union all
{{ cells(ref('fct_cart_removals') ~ ' as removals', goods, [['cart_removals', 'count(*)']]) }}
union all
{{ cells(ref('fct_wishlist_adds') ~ ' as adds', goods, [['wishlist_adds', 'count(*)']]) }}
union all
{{ cells(ref('fct_searches') ~ ' as searches', visit, [
  ['searches', 'count(*)'],
  ['failed_searches', 'count(case when results = 0 then 1 end)']
]) }}
union all
{{ cells(ref('fct_reviews') ~ ' as reviews', goods, [
  ['reviews', 'count(*)'],
  ['rating_points', 'sum(rating)']
]) }}
union all
{{ cells(ref('fct_checkouts') ~ ' as checkouts', visit, [['checkouts', 'count(*)']]) }}
union all
{{ cells(ref('fct_checkout_steps') ~ ' as steps', ['total', 'country', 'device', 'channel', 'step'], [
  ['checkout_steps', 'count(*)']
]) }}
union all
{{ cells(ref('fct_payments') ~ ' as payments', sale, [
  ['payment_attempts', 'count(*)'],
  ['failed_payments', 'count(case when not is_authorized then 1 end)'],
  ['payments_authorized', 'sum(case when is_authorized then amount end)']
]) }}
union all
{{ cells(ref('fct_product_states') ~ ' as states', ['total', 'category', 'sku'], [
  ['stock_outs', 'count(case when stock = 0 then 1 end)']
]) }}
union all
{{ cells('(select * from ' ~ ref('fct_product_states') ~ ' as told where stock is not null
  qualify row_number() over (partition by shop_id, shop_date order by occurred_at desc, event_id desc) = 1) as latest', ['total'], [
  ['stock', 'max(stock)']
]) }}
union all
{{ cells('(select * from ' ~ ref('fct_product_states') ~ ' as told where stock is not null
  qualify row_number() over (partition by shop_id, shop_date, sku order by occurred_at desc, event_id desc) = 1) as latest', ['sku'], [
  ['stock', 'max(stock)']
]) }}
union all
{{ cells(ref('fct_log_lines') ~ ' as lines', ['total', 'shop_service', 'level'], [
  ['log_lines', 'count(*)'],
  ["log_errors", "count(case when level = 'error' then 1 end)"]
]) }}
