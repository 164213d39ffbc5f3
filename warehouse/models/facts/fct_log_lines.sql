select * from {{ ref('stg_log_lines') }}
