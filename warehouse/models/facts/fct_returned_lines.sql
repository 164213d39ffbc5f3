{#
  Goods that refunds give back and edits take off, worth what they were sold for. A discount that a line leaves out is in
  `found_discounts`: finding it takes the order of the log, which no query has.
#}
{% for events, lines in [['stg_refunds', 'lines'], ['stg_order_edits', 'removed']] %}
select
  {{ visit_fields('e') }},
  {{ key('e.order_id') }} as order_key,
  {{ key('e.event_id') }} || '|' || items.item_no as line_key,
  e.order_id,
  items.item_no as line_no,
  {{ any_name(field('sku', 'string'), 128) }} as sku,
  {{ any_name(field('category', 'string'), 80) }} as category,
  {{ field('quantity', 'bigint') }} as quantity,
  {{ field('unit_price', 'bigint') }} as unit_price,
  {{ field('unit_price', 'bigint') }} * {{ field('quantity', 'bigint') }} as gross,
  coalesce({{ field('discount', 'bigint') }}, found.discount, 0) as discount,
  {{ field('unit_price', 'bigint') }} * {{ field('quantity', 'bigint') }}
    - coalesce({{ field('discount', 'bigint') }}, found.discount, 0) as amount,
  e.currency,
  e.scale
from {{ ref(events) }} as e
{{ each_of('e.' ~ lines) }}
left join {{ source('lake', 'found_discounts') }} as found
  on found.topic = e.topic
  and found.log_partition = e.log_partition
  and found.log_offset = e.log_offset
  and found.line_no = items.item_no
union all
{% endfor %}
-- A refund without lines gives back no product in particular what it has beyond delivery and tax.
select
  {{ visit_fields('e') }},
  {{ key('e.order_id') }} as order_key,
  {{ key('e.event_id') }} || '|0' as line_key,
  e.order_id,
  0 as line_no,
  'unknown' as sku,
  'unknown' as category,
  0 as quantity,
  0 as unit_price,
  e.amount - e.shipping - e.tax as gross,
  0 as discount,
  e.amount - e.shipping - e.tax as amount,
  e.currency,
  e.scale
from {{ ref('stg_refunds') }} as e
where coalesce({{ length_of('e.lines') }}, 0) = 0
  and e.amount - e.shipping - e.tax <> 0
