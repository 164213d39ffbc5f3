{# A run looks at the shops' days in `changed_days` alone: all days at first, later those whose archive has changed. #}
{% macro is_changed(rows) %}exists (
    select 1 from {{ source('lake', 'changed_days') }} as changed
    where changed.shop_id = {{ rows }}.shop_id and changed.shop_date = {{ rows }}.shop_date
  ){% endmacro %}

{# Run before a fact is added to: what it holds of the changed days is made anew. #}
{% macro forget_changed_days() %}{% if is_incremental() %}delete from {{ this }} as kept where {{ is_changed('kept') }}{% endif %}{% endmacro %}

{# Visits that have an event on a changed day are made anew, on whatever day they began. #}
{% macro forget_touched_visits() %}{% if is_incremental() %}delete from {{ this }} as kept where exists (
  select 1 from {{ ref('fct_visit_events') }} as e
  where e.shop_id = kept.shop_id and e.session_id = kept.session_id and {{ is_changed('e') }}
){% endif %}{% endmacro %}
