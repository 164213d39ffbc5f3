{# Visits by day of their beginning, as the catalogue counts them. #}
{{ cells(ref('fct_visits'), ['total', 'country', 'device', 'channel'], [
  ['sessions', 'count(*)'],
  ['searching_sessions', 'count(searched_at)'],
  ['viewing_sessions', 'count(viewed_at)'],
  ['cart_sessions', 'count(carted_at)'],
  ['checkout_sessions', 'count(checkout_at)'],
  ['converted_sessions', 'count(ordered_at)'],
  ['funnel_cart_sessions', 'count(funnel_cart_at)'],
  ['funnel_checkout_sessions', 'count(funnel_checkout_at)'],
  ['funnel_order_sessions', 'count(funnel_order_at)'],
  ['settled_sessions', 'count(case when is_settled then 1 end)'],
  ['bounced_sessions', 'count(case when is_settled and interactions < 2 then 1 end)'],
  ['settled_carts', 'count(case when is_settled and carted_at is not null then 1 end)'],
  ['abandoned_carts', 'count(case when is_settled and carted_at is not null and ordered_at is null then 1 end)'],
  ['settled_checkouts', 'count(case when is_settled and checkout_at is not null then 1 end)'],
  ['abandoned_checkouts', 'count(case when is_settled and checkout_at is not null and ordered_at is null then 1 end)']
]) }}
