{# What differs between engines. Every model is otherwise the SQL that DuckDB, Snowflake and BigQuery share. #}

{# A name that is a reserved word somewhere. #}
{% macro quoted(name) %}{% if target.type == 'bigquery' %}`{{ name }}`{% else %}"{{ name }}"{% endif %}{% endmacro %}

{# Joins the elements of a list: columns `item` and `item_no`, the latter from 0. #}
{% macro each_of(list) %}{% if target.type == 'bigquery' %}cross join unnest(array(select as struct item, item_no from unnest({{ list }}) as item with offset as item_no)) as items{% elif target.type == 'snowflake' %}cross join lateral (select f.value as item, f.index as item_no from table(flatten(input => {{ list }})) as f) as items{% else %}cross join lateral (select unnest({{ list }}) as item, unnest(range(len({{ list }}))) as item_no) as items{% endif %}{% endmacro %}

{# How many elements a list has. #}
{% macro length_of(list) %}{% if target.type == 'duckdb' %}len({{ list }}){% elif target.type == 'snowflake' %}array_size({{ list }}){% else %}array_length({{ list }}){% endif %}{% endmacro %}

{# The type of a text. #}
{% macro type_of_text() %}{% if target.type == 'bigquery' %}string{% else %}varchar{% endif %}{% endmacro %}

{# A field of an element that `each_of` has joined. #}
{% macro field(name, type) %}{% if target.type == 'snowflake' %}items.item:{{ name }}::{{ type }}{% else %}items.item.{{ name }}{% endif %}{% endmacro %}

{# Whether a text has a character that no name has: control characters. #}
{% macro has_control_character(text) %}{% if target.type == 'bigquery' %}regexp_contains({{ text }}, r'\p{Cc}'){% elif target.type == 'snowflake' %}regexp_instr({{ text }}, '[[:cntrl:]]') > 0{% else %}regexp_matches({{ text }}, '\p{Cc}'){% endif %}{% endmacro %}

{# Day of the week as ISO 8601 numbers it: Monday is 1. #}
{% macro iso_weekday(day) %}{% if target.type == 'bigquery' %}mod(extract(dayofweek from {{ day }}) + 5, 7) + 1{% elif target.type == 'snowflake' %}dayofweekiso({{ day }}){% else %}isodow({{ day }}){% endif %}{% endmacro %}

{# A date some days later. #}
{% macro add_days(day, days) %}{% if target.type == 'bigquery' %}date_add({{ day }}, interval {{ days }} day){% elif target.type == 'snowflake' %}dateadd(day, {{ days }}, {{ day }}){% else %}cast({{ day }} + to_days(cast({{ days }} as integer)) as date){% endif %}{% endmacro %}

{# Days from one date to another. #}
{% macro days_between(earlier, later) %}{% if target.type == 'bigquery' %}date_diff({{ later }}, {{ earlier }}, day){% elif target.type == 'snowflake' %}datediff(day, {{ earlier }}, {{ later }}){% else %}date_diff('day', {{ earlier }}, {{ later }}){% endif %}{% endmacro %}
