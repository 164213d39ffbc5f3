select
  {{ visit_columns() }},
  e.results
from {{ once(source('lake', 'search_performed'), 'partition') }} as e
