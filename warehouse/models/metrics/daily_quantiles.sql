{# Where the quantiles of the catalogue's distributions lie, by day, exact. #}
{{ quantiles(ref('fct_product_views'), ['total', 'device', 'category'], 'duration_ms', [
  ['view_duration_p50', 0.5], ['view_duration_p90', 0.9]
]) }}
union all
{{ quantiles(ref('fct_checkout_steps'), ['total', 'step', 'device'], 'latency_ms', [
  ['checkout_latency_p50', 0.5], ['checkout_latency_p95', 0.95], ['checkout_latency_p99', 0.99]
]) }}
union all
{{ quantiles(ref('fct_log_lines'), ['total', 'shop_service'], 'latency_ms', [
  ['service_latency_p50', 0.5], ['service_latency_p95', 0.95], ['service_latency_p99', 0.99]
]) }}
union all
{{ quantiles('(select *, ordered_at - started_at as purchase_ms from ' ~ ref('fct_visits') ~ ') as visits', ['total', 'device', 'channel'], 'purchase_ms', [
  ['time_to_purchase_p50', 0.5], ['time_to_purchase_p90', 0.9]
]) }}
