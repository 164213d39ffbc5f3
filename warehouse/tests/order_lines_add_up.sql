-- The lines of an order as it was placed are worth what the order says.
select orders.order_key, orders.gross, sum(lines.gross) as gross_of_lines
from {{ ref('fct_orders') }} as orders
inner join {{ ref('fct_order_lines') }} as lines
  on lines.order_key = orders.order_key and lines.is_placed
group by orders.order_key, orders.gross, orders.discount
having sum(lines.gross) <> orders.gross or sum(lines.discount) <> orders.discount
