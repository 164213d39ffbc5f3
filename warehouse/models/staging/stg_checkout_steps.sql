select
  {{ visit_columns() }},
  {{ one_of('e.step', 'checkout_steps') }} as step,
  e.latency_ms
from {{ once(source('lake', 'checkout_step_completed'), 'partition') }} as e
