{# Everything that visitors did, as far as visits and audiences are told from it. #}
{% for events, step, is_activity in [
  ['stg_visit_starts', '', 'true'],
  ['stg_product_views', 'viewed', 'true'],
  ['stg_list_views', '', 'true'],
  ['stg_searches', 'searched', 'true'],
  ['stg_cart_adds', 'carted', 'true'],
  ['stg_cart_removals', '', 'true'],
  ['stg_cart_views', '', 'true'],
  ['stg_checkouts', 'checkout', 'true'],
  ['stg_checkout_steps', '', 'true'],
  ['stg_wishlist_adds', '', 'true'],
  ['stg_reviews', '', 'true'],
  ['stg_orders', 'ordered', 'true'],
  ['stg_order_edits', '', 'false'],
  ['stg_refunds', '', 'false'],
  ['stg_cancellations', '', 'false'],
  ['stg_payments', '', 'false'],
  ['stg_adjustments', '', 'false'],
  ['stg_stock_movements', '', 'false']
] %}
select
  {{ visit_fields('e') }},
  {% if step %}'{{ step }}'{% else %}cast(null as {{ type_of_text() }}){% endif %} as step,
  {{ is_activity }} as is_activity
from {{ ref(events) }} as e
{% if not loop.last %}union all{% endif %}
{% endfor %}
