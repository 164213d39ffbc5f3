select
  {{ visit_columns() }},
  e.landing_page
from {{ once(source('lake', 'session_started'), 'partition') }} as e
