{# Products as told last: the last record in the log is the state. #}
with told as (
  select
    states.*,
    row_number() over (
      partition by shop_id, product_sku order by log_partition, log_offset desc
    ) as from_last
  from {{ ref('fct_product_states') }} as states
)

select shop_id, shop_id || '|' || product_sku as product_key, product_sku as sku, name, category, price, stock, supplier, rating, currency, scale, occurred_at as told_at
from told
where from_last = 1
