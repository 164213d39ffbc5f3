{# An attempt to pay counts once by its payment id, whether it was authorised or failed. #}
select
  {{ visit_columns() }},
  e.payment_id,
  e.order_id,
  {{ one_of('e.method', 'payment_methods') }} as payment_method,
  e.event_type = 'payment_authorized' as is_authorized,
  e.amount,
  e.currency,
  e.scale
from {{ once(ref('stg_payment_records'), 'shop') }} as e
