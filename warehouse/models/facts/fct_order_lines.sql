{# Lines of orders placed, and those that edits have put on, booked when that was. #}
{% for events, lines, is_placed in [['stg_orders', 'lines', 'true'], ['stg_order_edits', 'added', 'false']] %}
select
  {{ visit_fields('e') }},
  {{ key('e.order_id') }} as order_key,
  {{ key('e.event_id') }} || '|' || items.item_no as line_key,
  e.order_id,
  e.payment_method,
  {{ is_placed }} as is_placed,
  items.item_no as line_no,
  {{ any_name(field('sku', 'string'), 128) }} as sku,
  {{ any_name(field('category', 'string'), 80) }} as category,
  {{ field('quantity', 'bigint') }} as quantity,
  {{ field('unit_price', 'bigint') }} as unit_price,
  {{ field('unit_price', 'bigint') }} * {{ field('quantity', 'bigint') }} as gross,
  {{ field('discount', 'bigint') }} as discount,
  e.currency,
  e.scale
from {{ ref(events) }} as e
{{ each_of('e.' ~ lines) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
