select
  {{ event_columns() }},
  {{ any_name('e.service', 80) }} as shop_service,
  {{ one_of('e.level', 'levels') }} as level,
  e.code,
  e.latency_ms
from {{ once(source('lake', 'system_log'), 'partition') }} as e
