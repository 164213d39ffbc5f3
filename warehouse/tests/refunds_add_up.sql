-- What a refund gives back is its goods, its delivery and its tax; a line that tells its full price gives back less.
select refunds.refund_key, refunds.amount, sum(lines.amount) as goods
from {{ ref('fct_refunds') }} as refunds
left join {{ ref('fct_returned_lines') }} as lines
  on lines.shop_id = refunds.shop_id and lines.event_id = refunds.event_id and lines.event_type = 'refund_issued'
group by refunds.refund_key, refunds.amount, refunds.shipping, refunds.tax
having coalesce(sum(lines.amount), 0) + refunds.shipping + refunds.tax > refunds.amount
