{# Where a record lies in the log: within a partition, an earlier record has the lesser number. #}
{% macro log_position(rows) %}({{ rows }}.{{ quoted('partition') }} * cast(1000000000000 as bigint) + {{ rows }}.{{ quoted('offset') }}){% endmacro %}

{# Fields of every event. #}
{% macro event_columns() %}e.shop_id,
  e.shop_date,
  e.event_id,
  e.event_type,
  e.occurred_at,
  e.occurred,
  e.topic,
  e.{{ quoted('partition') }} as log_partition,
  e.{{ quoted('offset') }} as log_offset{% endmacro %}

{# Fields of every event that a visitor causes. #}
{% macro visit_columns() %}{{ event_columns() }},
  e.visitor_id,
  e.session_id,
  e.customer_id,
  {{ any_name('e.country', 80) }} as country,
  {{ one_of('e.device', 'devices') }} as device,
  {{ one_of('e.channel', 'channels') }} as channel{% endmacro %}

{# A dimension's value out of a closed list, as the catalogue tells it: see `vars` in dbt_project.yml. #}
{% macro one_of(value, list) %}case
    when {{ value }} is null or {{ value }} = '' then 'unknown'
    when {{ value }} in ({% for name in var(list) %}'{{ name }}'{% if not loop.last %}, {% endif %}{% endfor %}) then {{ value }}
    else 'other'
  end{% endmacro %}

{# A dimension's value that may be any name of so many characters, as the catalogue tells it. #}
{% macro any_name(value, longest) %}case
    when {{ value }} is null or {{ value }} = '' then 'unknown'
    when length({{ value }}) > {{ longest }} or trim({{ value }}) = '' or {{ has_control_character(value) }} then 'other'
    else {{ value }}
  end{% endmacro %}

{#
  The changed days of some event types, each event once: of copies, the first in the log counts, whatever day a later one
  claims. A business fact is told by its key within the shop, any other event by its event id within its partition.
#}
{% macro once(relation, within) %}(
  select e.* from {{ relation }} as e
  where {{ is_changed('e') }}
    and not exists (
      select 1 from {{ relation }} as earlier
      where earlier.shop_id = e.shop_id
        and earlier.identity = e.identity
        {% if within == 'partition' %}and earlier.topic = e.topic
        and earlier.{{ quoted('partition') }} = e.{{ quoted('partition') }}
        {% endif %}and {{ log_position('earlier') }} < {{ log_position('e') }}
    )
){% endmacro %}

{# The fields of `visit_columns`, of staged rows. #}
{% macro visit_fields(rows) %}{{ rows }}.shop_id,
  {{ rows }}.shop_date,
  {{ rows }}.event_id,
  {{ rows }}.event_type,
  {{ rows }}.occurred_at,
  {{ rows }}.occurred,
  {{ rows }}.topic,
  {{ rows }}.log_partition,
  {{ rows }}.log_offset,
  {{ rows }}.visitor_id,
  {{ rows }}.session_id,
  {{ rows }}.customer_id,
  {{ rows }}.country,
  {{ rows }}.device,
  {{ rows }}.channel{% endmacro %}

{# Names a row within all shops, where `name` names it within its own. #}
{% macro key(name) %}e.shop_id || '|' || {{ name }}{% endmacro %}
